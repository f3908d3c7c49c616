"""What a request that succeeded leads to: often, that an account has been used up and another takes its place."""

from people import Person, people

# By the operation.
FOLLOWS = {}


def follows(function):
    return FOLLOWS.setdefault(function.__name__, function)


@follows
def change_password(case, response):
    people().ada.password = case.body["new_password"]


@follows
def reset_password(case, response):
    people().forgets.password = case.body["new_password"]


@follows
def delete_account(case, response):
    people().leaves = Person()


@follows
def verify_two_factor(case, response):
    people().without_two_factor = Person()


@follows
def disable_two_factor(case, response):
    people().with_two_factor = Person().with_two_factor()


@follows
def generate_backup_codes(case, response):
    made = response.json()
    people().with_two_factor.pending[made["set_id"]] = made["backup_codes"]


@follows
def confirm_backup_codes(case, response):
    people().with_two_factor.confirmed(case.path_parameters["set_id"])


@follows
def delete_api_key(case, response):
    people().tidy.spare_api_key = None


@follows
def remove_ssh_key(case, response):
    people().tidy.spare_ssh_key = None


@follows
def authorise_registry(case, response):
    people().collects.ask("DELETE", f"/v1/me/container-registries/{response.json()['id']}")
