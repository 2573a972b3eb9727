"""Whatever shape it comes in: what is filed is the same, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography import x509

from shapes.giving import give
from shapes.page import PAGE, page
from shapes.returned import PASSWORD, Returned
from shapes.shapes import CUSTOMERS_SHAPES, SHAPES, Shape
from support.commands import Ran, files

pytestmark = pytest.mark.system("openssl", "keytool")
FILED = ("leaf.crt", "chain.crt", "server.crt", "server.crt.txt")


def give_shape(root: Path, shape: Shape, returned: Returned, *options: object) -> Ran:
    """Give the files of a shape to `intake`."""
    files = shape.make(returned)
    return give(root, files, *options, needs_password=shape.needs_password, piped=shape.piped)


def filed(root: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return what stands in the generation's folder."""
    return {name: (root / "out/park-nicollet/generation-1" / name).read_bytes() for name in names}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_shape_is_filed_the_same(
    template: Path, returned: Returned, tmp_path: Path, shape: Shape
) -> None:
    """Leaf and chain are the CA's, in canonical PEM; all of out/ is the same for all shapes."""
    root = tmp_path / "certs"
    shutil.copytree(template, root)
    ran = give_shape(root, shape, returned)
    assert ran.code == 0, ran.err
    assert filed(root, FILED[:3]) == {
        "leaf.crt": returned.leaf_pem,
        "chain.crt": returned.chain_pem,
        "server.crt": returned.whole_pem,
    }
    assert PASSWORD not in ran.out + ran.err
    assert files(root / "out") == _first(template, returned, tmp_path)


_FIRST: dict[str, dict[str, bytes]] = {}


def _first(template: Path, returned: Returned, folder: Path) -> dict[str, bytes]:
    """Return what the plainest shape makes of out/."""
    name = str(template)
    if name not in _FIRST:
        root = folder / "first" / "certs"
        shutil.copytree(template, root)
        assert give_shape(root, SHAPES[0], returned).code == 0
        _FIRST[name] = files(root / "out")
    return _FIRST[name]


@pytest.mark.parametrize("shape", CUSTOMERS_SHAPES, ids=lambda shape: shape.name)
def test_every_shape_of_a_customer_is_filed_the_same(
    customers_template: Path, customers: Returned, tmp_path: Path, shape: Shape
) -> None:
    """The key is encrypted to the recipients; it counts as disclosed where it came without a password."""
    root = tmp_path / "certs"
    shutil.copytree(customers_template, root)
    ran = give_shape(root, shape, customers, *(() if shape.needs_password else ("--accept", "SC515")))
    assert ran.code == 0, ran.err
    assert ("SC515" in ran.err) is not shape.needs_password
    assert filed(root, FILED[:2]) == {"leaf.crt": customers.leaf_pem, "chain.crt": customers.chain_pem}
    assert b"BEGIN AGE ENCRYPTED FILE" in filed(root, ("server.key.age",))["server.key.age"]
    body = customers.key_pem.splitlines()[1]
    assert all(body not in content for content in files(root).values())


def test_there_are_enough_shapes() -> None:
    """Their names differ, and there are more than sixty."""
    names = [shape.name for shape in (*SHAPES, *CUSTOMERS_SHAPES)]
    assert len(names) == len(set(names)) > 60


def test_the_page_of_shapes_is_fresh() -> None:
    """docs/shapes.md is what the tables say (`make docs`)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_certificate_is_the_requests(template: Path, returned: Returned) -> None:
    """What all shapes are made of answers the one request."""
    request = (template / "out/park-nicollet/generation-1/server.csr").read_bytes()
    assert returned.leaf.public_key() == x509.load_pem_x509_csr(request).public_key()
