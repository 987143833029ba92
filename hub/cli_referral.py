from __future__ import annotations

import json
from collections.abc import Callable

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.wiring import House
from kernel.errors import NotFoundError
from referrals.model.proof import Proof
from referrals.queries.proof import proof_by_reference

console = Console()


def referral_group(open_house: Callable[[], House]) -> click.Group:
    """Return the commands about one referral."""

    @click.group(name="referral")
    def group() -> None:
        """Look into one referral."""

    @group.command(name="prove")
    @click.argument("reference")
    @click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON, with every line of the log.")
    def prove(reference: str, *, as_json: bool) -> None:
        """Rebuild a referral from the audit log; exit with 1 if anything stored does not agree."""
        house = open_house()
        try:
            with house.ground.read() as session:
                proof = proof_by_reference(session, reference, house.ground.clock.now())
        except NotFoundError as error:
            raise click.ClickException(f"There is no referral {reference}.") from error
        finally:
            house.close()
        if as_json:
            click.echo(json.dumps(proof.plain, indent=2, ensure_ascii=False))
        else:
            _print(proof)
        if not proof.holds:
            raise click.exceptions.Exit(1)

    return group


def _print(proof: Proof) -> None:
    table = Table("", "What", "Found", title=f"Referral {escape(proof.reference)}")
    table.add_row(_sign(holds=proof.chain.holds), "Audit log", escape(proof.chain.found))
    for check in proof.checks:
        table.add_row(_sign(holds=check.holds), escape(check.name), escape(check.found))
    console.print(table)
    console.print(f"{len(proof.lines)} lines of the log, head {proof.chain.head}")
    console.print("[green]Everything agrees.[/]" if proof.holds else "[red]Something does not agree.[/]")


def _sign(*, holds: bool) -> str:
    return "[green]agrees[/]" if holds else "[red]differs[/]"
