/** What a language does to numbers and the words beside them. */

/** Says things of one language. */
export interface Grammar<Category extends Intl.LDMLPluralRule> {
    /** The categories of numbers that take words of their own, as Unicode knows them (CLDR plural rules). */
    categories: readonly Category[];
    /** The words for a number: each category has its own. */
    plural: (count: number, forms: Record<Category, string>) => string;
    /** A number as it is written. */
    number: (value: number) => string;
}

/** The grammar of a locale, in which `categories` take words of their own; one of them is always `other`. */
export function grammarOf<Category extends Intl.LDMLPluralRule>(
    locale: string,
    categories: readonly (Category | 'other')[],
): Grammar<Category | 'other'> {
    // Made when something is counted: that takes long, and room in memory that the first screen needs not.
    let rules: Intl.PluralRules | undefined;
    let numbers: Intl.NumberFormat | undefined;
    return {
        categories,
        plural: (count, forms) => {
            rules ??= new Intl.PluralRules(locale);
            const category = rules.select(count);
            return category in forms ? forms[category as Category] : forms.other;
        },
        number: (value) => {
            numbers ??= new Intl.NumberFormat(locale);
            return numbers.format(value);
        },
    };
}
