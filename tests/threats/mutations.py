"""Each guard, how it is taken out, and the test that must then fail (docs/security.md)."""

from __future__ import annotations

from typing import NamedTuple


class Mutation(NamedTuple):
    """A guard: in `file` the text `old`, which stands there once, becomes `new`, and `test` must fail."""

    threat: str
    guard: str
    file: str
    old: str
    new: str
    test: str


COMMENT = "templates/repository/dot-github/workflows/comment.yml"
FILES = "tests/threats/test_hostile_files.py"
FIELDS = "tests/threats/test_hostile_fields.py"
TEMPLATES = "tests/threats/test_template_overrides.py"
TAMPERING = "tests/pipeline/test_tampering.py"
ANSWERS = "tests/threats/test_hostile_answers.py"
DECEPTION = "tests/threats/test_deceived_reviewers.py"
REVIEW = "tests/review/test_history.py::test_pull_request"
REGULAR = "tests/load/test_read_regular.py"

MUTATIONS = (
    Mutation(
        "T1", "depth", "compiler/sitecert/load/nodes.py",
        "if depth == DEEPEST:", "if depth == 10**9:",
        f"{FILES}::test_a_hostile_file_is_told[sites/two.yaml-depth]",
    ),
    Mutation(
        "T1", "aliases", "compiler/sitecert/load/nodes.py",
        'self._findings.add(ALIAS, place, f"{name} is an alias, which is not allowed")', "pass",
        f"{FILES}::test_a_hostile_file_is_told[sites/two.yaml-an alias bomb]",
    ),
    Mutation(
        "T1", "tags", "compiler/sitecert/load/nodes.py",
        "if tag is not None:", "if False:",
        f"{FILES}::test_a_hostile_file_is_told[sites/two.yaml-a program]",
    ),
    Mutation(
        "T1", "duplicate keys", "compiler/sitecert/load/nodes.py",
        "elif key.text in entries:", "elif False:",
        f"{FILES}::test_a_hostile_file_is_told[sitecert.yaml-a key twice]",
    ),
    Mutation(
        "T1", "size", "compiler/sitecert/load/files.py",
        "if len(content) > limit:", "if False:",
        f"{REGULAR}::test_a_file_above_its_limit_is_refused",
    ),
    Mutation(
        "T2", "names of sites", "compiler/sitecert/load/sites.py",
        "if not NAME.fullmatch(name):", "if False:",
        f"{FILES}::test_a_hostile_name_is_refused[sites/-rf.yaml]",
    ),
    Mutation(
        "T2", "names that differ in case or normal form alone", "compiler/sitecert/load/sites.py",
        "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", "[^/]+",
        f"{FILES}::test_a_hostile_name_is_refused[sites/ONE.yaml]",
    ),
    Mutation(
        "T2", "reserved names", "compiler/sitecert/load/sites.py",
        "if RESERVED.fullmatch(name):", "if False:",
        f"{FILES}::test_a_hostile_name_is_refused[sites/con.yaml]",
    ),
    Mutation(
        "T2", "a site and a group of one name", "compiler/sitecert/load/sites.py",
        "if group in sites:", "if False:",
        f"{FILES}::test_a_hostile_name_is_refused[sites/one/two.yaml]",
    ),
    Mutation(
        "T2", "paths that lead outside", "compiler/sitecert/load/files.py",
        "if leads_outside(relative):", "if False:",
        f"{REGULAR}::test_a_path_that_leads_outside_is_refused",
    ),
    Mutation(
        "T3", "links and pipes", "compiler/sitecert/load/files.py",
        "if found is not None:", "if False:",
        f"{FILES}::test_what_is_no_file_is_not_opened",
    ),
    Mutation(
        "T3", "links to groups", "compiler/sitecert/load/files.py",
        "return stat.S_ISDIR(status.st_mode) and not _is_junction(status)", "return True",
        "tests/load/test_find_sites.py::test_a_linked_group_is_an_error_and_not_entered",
    ),
    Mutation(
        "T3", "links and pipes under out/", "compiler/sitecert/load/output.py",
        "if not stat.S_ISREG(status.st_mode):", "if False:",
        f"{FILES}::test_what_is_no_file_under_out_is_named",
    ),
    Mutation(
        "T3", "huge files under out/", "compiler/sitecert/load/output.py",
        "elif status.st_size > LARGEST_FILE:", "elif False:",
        f"{FILES}::test_what_is_no_file_under_out_is_named[huge]",
    ),
    Mutation(
        "T3", "links and submodules in git's trees", "compiler/sitecert/repo/history.py",
        "return self.mode in FILE_MODES", "return True",
        f"{REVIEW}[links-and-submodules]",
    ),
    Mutation(
        "T4", "quoting for the shell", "compiler/sitecert/emit/quoting.py",
        "return shlex.quote(value)", "return value",
        "tests/emit/test_quoting.py::test_a_real_shell_reads_back_every_value",
    ),
    Mutation(
        "T4", "printable ASCII in scripts", "compiler/sitecert/emit/quoting.py",
        "if not _PRINTABLE_ASCII.fullmatch(value):", "if False:",
        "tests/emit/test_quoting.py::test_anything_else_is_refused",
    ),
    Mutation(
        "T5", "quoting for OpenSSL", "compiler/sitecert/pki/openssl_config.py",
        "return f'\"{escaped}\"'", "return text",
        "tests/pki/test_openssl_config_text.py::test_folded_values_are_read_as_they_are_meant",
    ),
    Mutation(
        "T5", "no line end in a value", "compiler/sitecert/pki/openssl_config.py",
        "if UNWRITABLE.intersection(text):", "if False:",
        "tests/pki/test_openssl_config_text.py::test_what_no_value_can_hold_is_refused",
    ),
    Mutation(
        "T5", "the request is parsed back", "compiler/sitecert/pipeline/keys.py",
        "if differences:", "if False:",
        "tests/pipeline/test_proof_of_requests.py::test_a_request_that_says_something_else_is_never_written",
    ),
    Mutation(
        "T6", "the sandbox", "compiler/sitecert/emit/templates.py",
        "from jinja2.sandbox import ImmutableSandboxedEnvironment",
        "from jinja2 import Environment as ImmutableSandboxedEnvironment",
        f"{TEMPLATES}::test_a_template_reaches_neither_files_nor_python",
    ),
    Mutation(
        "T6", "what a template makes is bounded", "compiler/sitecert/emit/templates.py",
        "if size > LARGEST_FILE:", "if False:",
        f"{TEMPLATES}::test_a_template_reaches_neither_files_nor_python",
    ),
    Mutation(
        "T6", "scripts come from the package", "compiler/sitecert/load/data.py",
        'OVERRIDABLE_ROOMS = ("documents", "handoff", "pages")',
        'OVERRIDABLE_ROOMS = ("documents", "handoff", "pages", "runbook", "openssl")',
        f"{TEMPLATES}::test_what_root_runs_comes_from_the_package",
    ),
    Mutation(
        "T7", "text in Markdown", "compiler/sitecert/markdown.py",
        "escaped = _SPECIAL.sub(_harmless, text)", "escaped = text",
        f"{FIELDS}::test_text_changes_no_script_and_stays_text",
    ),
    Mutation(
        "T7", "mentions", "compiler/sitecert/markdown.py",
        '_PARTED = "<!-- -->"', '_PARTED = ""',
        "tests/emit/test_markdown.py::test_mentions_and_references_are_parted",
    ),
    Mutation(
        "T7", "text in HTML", "compiler/sitecert/emit/templates.py",
        "autoescape=_is_html,", "autoescape=False,",
        "tests/emit/test_document_escaping.py::test_no_text_changes_the_html",
    ),
    Mutation(
        "T7", "orders to a terminal", "compiler/sitecert/problems/wording.py",
        'character if character.isprintable() else character.encode("unicode_escape").decode()', "character",
        "tests/report/test_problem_text.py::test_nothing_is_obeyed_by_a_terminal",
    ),
    Mutation(
        "T8", "characters that do not show", "compiler/sitecert/load/characters.py",
        'STRANGE_CATEGORIES = frozenset({"Cc", "Cf",', 'STRANGE_CATEGORIES = frozenset({"Cc",',
        f"{FILES}::test_a_hostile_file_is_told[sites/two.yaml-bidi]",
    ),
    Mutation(
        "T8", "the same as an escape", "compiler/sitecert/load/nodes.py",
        "check_value(scalar.text, scalar.place, self._findings)", "pass",
        f"{FILES}::test_a_hostile_file_is_told[sites/two.yaml-bidi as an escape]",
    ),
    Mutation(
        "T8", "normal form", "compiler/sitecert/load/strict_yaml.py",
        "    check_normalised(text, findings)\n", "",
        "tests/load/test_strict_yaml.py",
    ),
    Mutation(
        "T8", "names that look like others", "compiler/sitecert/policy/names.py",
        "if is_confusable(label):", "if False:",
        f"{FIELDS}::test_a_name_that_looks_like_another_is_told",
    ),
    Mutation(
        "T8", "requests in words", "compiler/sitecert/pki/visible.py",
        'if character == " " or _is_shown(character):', "if True:",
        "tests/pki/test_review_text.py::test_what_a_reader_can_not_see_is_escaped",
    ),
    Mutation(
        "T9", "patterns that read a text in one way", "compiler/sitecert/load/sites.py",
        "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", "(?:[a-z0-9]+(?:-[a-z0-9]+)*)+",
        "tests/threats/test_patterns.py::test_no_pattern_explodes",
    ),
    Mutation(
        "T10", "what is unpacked", "compiler/sitecert/pki/formats/archives.py",
        "            plain = file.read(limit + 1)\n", "            plain = file.read(limit)\n",
        f"{ANSWERS}::test_an_answer_that_asks_for_too_much_is_refused[a bomb]",
    ),
    Mutation(
        "T10", "how many files", "compiler/sitecert/pki/formats/archives.py",
        "raise NotReadError(RefusalKind.TOO_MANY, clause)", "str(clause)",
        f"{ANSWERS}::test_an_answer_that_asks_for_too_much_is_refused[ten thousand files]",
    ),
    Mutation(
        "T10", "archives in archives", "compiler/sitecert/pki/formats/bounds.py",
        "if depth > DEEPEST:", "if False:",
        f"{ANSWERS}::test_an_answer_that_asks_for_too_much_is_refused[archives in archives]",
    ),
    Mutation(
        "T11", "keys beyond all measure", "compiler/sitecert/pki/weak_keys.py",
        "if numbers.n.bit_length() <= LARGEST_MODULUS:", "if True:",
        "tests/pki/test_weak_keys.py::test_a_key_beyond_all_measure_is_not_searched",
    ),
    Mutation(
        "T12", "a key is encrypted", "compiler/sitecert/pki/keys.py",
        "encrypted: bytes = pyrage.encrypt(pem, [_public_half(each) for each in recipients], armored=True)",
        "encrypted = pem",
        "tests/pipeline/test_no_plaintext_key.py",
    ),
    Mutation(
        "T12", "a key in the clear under out/", "compiler/sitecert/plan/generations.py",
        "if content is not None and not content.startswith(AGE_HEADER):", "if False:",
        f"{TAMPERING}::test_a_plaintext_key_is_refused",
    ),
    Mutation(
        "T12", "who can open the keys", "compiler/sitecert/review/repository.py",
        "        *_recipients(before, after, keys),\n", "",
        f"{REVIEW}[a-recipient-comes]",
    ),
    Mutation(
        "T12", "keys in the work tree", "compiler/sitecert/leaks/search.py",
        "leaks = list(self._opened(found.block, line))", "return",
        "tests/leaks/test_leaks_command.py::test_a_key_in_the_work_tree",
    ),
    Mutation(
        "T12", "keys within other text", "compiler/sitecert/leaks/search.py",
        'yield from self._inside(decoded, "base64", self._line(start))', "yield from ()",
        "tests/leaks/test_find_leaks.py::test_a_planted_key_is_found",
    ),
    Mutation(
        "T12", "an identity outside every work tree", "compiler/sitecert/write/identity.py",
        "if tree is not None:", "if False:",
        "tests/cli/test_init_command.py::test_no_identity_is_made_in_a_work_tree",
    ),
    Mutation(
        "T12", "a key that was pasted is not repeated", "compiler/sitecert/problems/rule.py",
        'return SECRET.sub(r"\\1\\2(not shown)", text)', "return text",
        "tests/test_rules.py::test_no_problem_repeats_a_private_key",
    ),
    Mutation(
        "T12", "git passes plain keys over", "templates/repository/dot-gitignore",
        "*.key\n", "",
        "tests/cli/test_init_command.py::test_git_keeps_plain_keys_out_and_encrypted_ones_in",
    ),
    Mutation(
        "T13", "digests of what cannot be made again", "compiler/sitecert/plan/generations.py",
        "elif content is not None and sha256(content).hexdigest() != digest:", "elif False:",
        f"{TAMPERING}::test_every_file_is_watched[flip]",
    ),
    Mutation(
        "T13", "files that were edited", "compiler/sitecert/write/compare.py",
        "paths = sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path))",
        "paths = sorted(path for path in {*found, *expected} if (path in found) != (path in expected))",
        f"{TAMPERING}::test_every_file_is_watched[append]",
    ),
    Mutation(
        "T13", "files that nobody wrote", "compiler/sitecert/write/compare.py",
        "paths = sorted(path for path in {*found, *expected} if",
        "paths = sorted(path for path in expected if",
        f"{TAMPERING}::test_an_extra_file_anywhere_is_removed",
    ),
    Mutation(
        "T13", "a certificate for another key", "compiler/sitecert/plan/generations.py",
        "if certificate is not None and certificate.leaf.spki_sha256 != record.spki_sha256:", "if False:",
        f"{TAMPERING}::test_a_certificate_for_another_key_is_refused",
    ),
    Mutation(
        "T14", "the certificate's key is the request's", "compiler/sitecert/pki/keys.py",
        "return sha256(der).hexdigest()", 'return sha256(der and b"").hexdigest()',
        f"{ANSWERS}::test_a_certificate_that_was_not_asked_for_is_not_filed[another key]",
    ),
    Mutation(
        "T14", "the certificate's names are the request's", "compiler/sitecert/pki/coverage.py",
        "return [name for name in asked if not any(answers(each, name) for each in got)]", "return []",
        f"{ANSWERS}::test_a_certificate_that_was_not_asked_for_is_not_filed[other names]",
    ),
    Mutation(
        "T15", "no link is followed when a file is opened", "compiler/sitecert/load/files.py",
        'os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) |', "os.O_RDONLY |",
        f"{FILES}::test_a_file_that_becomes_another_between_look_and_read",
    ),
    Mutation(
        "T15", "what was opened is looked at again", "compiler/sitecert/load/files.py",
        "if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):", "if False:",
        f"{FILES}::test_a_file_that_becomes_another_between_look_and_read",
    ),
    Mutation(
        "T15", "files are made anew, through no link", "compiler/sitecert/write/files.py",
        "flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL |", "flags = os.O_WRONLY | os.O_CREAT |",
        "tests/write/test_replace.py",
    ),
    Mutation(
        "T16", "the comment's pull request: its head", COMMENT,
        ".head.sha == env.HEAD_SHA and ", "",
        "tests/layout/test_comment.py::test_the_pull_request_is_the_one_that_was_judged[moved on]",
    ),
    Mutation(
        "T16", "the comment's pull request: its repository", COMMENT,
        " and .head.repo.full_name == env.HEAD_REPOSITORY", "",
        "tests/layout/test_comment.py::test_the_pull_request_is_the_one_that_was_judged[another repository]",
    ),
    Mutation(
        "T16", "a pull request does not judge itself", COMMENT,
        "grep -qE '^(\\.github/|requirements\\.txt$)' files", "false",
        "tests/layout/test_comment.py::test_a_pull_request_does_not_judge_itself",
    ),
    Mutation(
        "T16", "the artefact's size", COMMENT,
        "select(.size_in_bytes <= 100000) | ", "",
        "tests/layout/test_comment.py::test_an_artefact_that_is_missing_or_large_is_not_taken",
    ),
    Mutation(
        "T16", "the review's size", COMMENT,
        ' || [ "$(wc -c < taken)" -gt 65536 ]', "",
        "tests/layout/test_comment.py::test_an_artefact_that_is_no_review_is_refused",
    ),
    Mutation(
        "T16", "what a review begins with", COMMENT,
        '[ "$(head -n 1 taken)" != "$MARKER" ] || ', "",
        "tests/layout/test_comment.py::test_an_artefact_that_is_no_review_is_refused",
    ),
    Mutation(
        "T16", "whose comment is changed", COMMENT,
        '.user.login == "github-actions[bot]" and ', "",
        "tests/layout/test_comment.py::test_only_its_own_comment_is_brought_up_to_date",
    ),
    Mutation(
        "T16", "a branch name is no command", COMMENT,
        "          numbers=$(", '          eval "echo $HEAD_BRANCH"\n          numbers=$(',
        "tests/layout/test_comment.py::test_a_branch_name_is_data",
    ),
    Mutation(
        "T16", "the token of a pull request can read", "templates/repository/dot-github/workflows/check.yml",
        "permissions: {}\n", "permissions: write-all\n",
        "tests/layout/test_workflows.py::test_least_permissions",
    ),
    Mutation(
        "T16", "no credential stays in the work tree", "templates/repository/dot-github/workflows/check.yml",
        "          fetch-depth: 0\n          persist-credentials: false\n", "          fetch-depth: 0\n",
        "tests/layout/test_workflows.py::test_actions_are_pinned_by_commit",
    ),
    Mutation(
        "T17", "dependencies by hash", "Makefile",
        "--require-hashes ", "",
        "tests/threats/test_dependencies.py::test_nothing_is_installed_without_hashes",
    ),
    Mutation(
        "T17", "what a laid-out repository locks", "templates/repository/Makefile.j2",
        "--generate-hashes ", "",
        "tests/threats/test_dependencies.py::test_a_laid_out_repository_installs_its_requirements_alone",
    ),
    Mutation(
        "T18", "one key, one site", "compiler/sitecert/plan/keys.py",
        "if len(holding) > 1", "if len(holding) > 10**9",
        f"{TAMPERING}::test_one_generation_copied_to_another_site_is_seen",
    ),
    Mutation(
        "T18", "weak keys", "compiler/sitecert/plan/keys.py",
        "return weaknesses(key) if key is not None else ()", "return ()",
        "tests/pipeline/test_proof_of_requests.py::test_a_weak_key_stops_its_site",
    ),
    Mutation(
        "T19", "the request in words is of the request", "compiler/sitecert/emit/generation.py",
        "describe_request(generation.request.pem).encode()", 'b"as asked"',
        f"{DECEPTION}::test_a_pair_that_was_swapped_shows_in_words",
    ),
    Mutation(
        "T19", "a request for other names is seen", "compiler/sitecert/plan/site.py",
        "    if not differences:\n", "    if True:\n",
        f"{DECEPTION}::test_a_request_for_other_names_is_not_taken",
    ),
    Mutation(
        "T19", "a certificate in another's place", "compiler/sitecert/review/keys.py",
        "elif current.certificate.leaf != past.certificate.leaf:", "elif False:",
        f"{REVIEW}[a-swapped-certificate]",
    ),
    Mutation(
        "T19", "a key in another's place", "compiler/sitecert/review/keys.py",
        "elif past.recipients == current.recipients:", "elif False:",
        f"{REVIEW}[a-swapped-key]",
    ),
    Mutation(
        "T19", "out/ is shown", "templates/repository/dot-gitattributes",
        "out/**/change-control.html linguist-generated", "out/** linguist-generated",
        f"{DECEPTION}::test_what_decides_is_shown_in_a_diff",
    ),
)  # fmt: skip
