// Where oidc-provider keeps what it issued: in memory, and past its end, so that a code that has expired is not one that
// never was.

export function adapter() {
    const kept = new Map();
    const entries = (model) => [...kept].filter(([key]) => key.startsWith(`${model}:`)).map(([, value]) => value);
    return class {
        constructor(model) {
            this.model = model;
        }

        async upsert(id, payload) {
            kept.set(`${this.model}:${id}`, payload);
        }

        async find(id) {
            return kept.get(`${this.model}:${id}`);
        }

        async findByUid(uid) {
            return entries(this.model).find((one) => one.uid === uid);
        }

        async findByUserCode(code) {
            return entries(this.model).find((one) => one.userCode === code);
        }

        async consume(id) {
            kept.get(`${this.model}:${id}`).consumed = Math.floor(Date.now() / 1000);
        }

        async destroy(id) {
            kept.delete(`${this.model}:${id}`);
        }

        async revokeByGrantId(grant) {
            for (const [key, value] of kept) {
                if (value.grantId === grant && key.startsWith(`${this.model}:`)) {
                    kept.delete(key);
                }
            }
        }

        // Every grant of an account's.
        static grantsOf(account) {
            return [...kept].filter(([key, value]) => key.startsWith('Grant:') && value.accountId === account);
        }
    };
}
