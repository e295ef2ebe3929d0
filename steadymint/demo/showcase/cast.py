"""The people of the showcase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eth_utils.crypto import keccak


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody before they have signed in."""

    username: str
    name: str
    bio: str
    website: str | None = None


CHARACTERS: Final = (
    Character(
        "mara_lindqvist",
        "Mara Lindqvist",
        "I draw lighthouses, and sometimes the weather around them.",
        "https://mara.example",
    ),
    Character("jonas_papercut", "Jonas Weld", "Scissors, paper, patience.\nCommissions are open in winter."),
    Character("ines_okafor", "Ines Okafor", "Grids, and what breaks them.", "https://okafor.example"),
    Character("tobi_nightsky", "Tobi Arslan", "Amateur astronomer. The moons are real, the whales are likely."),
    Character(
        "harbour_press", "The Harbour Press", "We print the tides. Two colours, no hurry.", "https://press.example"
    ),
    Character("yuki_collects", "Yuki Tanaka", "Collecting the sea, one token at a time."),
    Character("lenny_floor", "Lenny", "I only ever buy the floor."),
    Character("amira_h", "Amira Haddad", "Long on moons. Not for sale. Most of them."),
    Character("oldsalt", "Old Salt", "Forty years at sea, four months on chain."),
    Character("noor_and_sons", "Noor & Sons", "A family office for small pictures."),
    Character("petra_vk", "Petra V.", "Here for the paper."),
    Character(
        "gallery_nine", "Gallery Nine", "A room above the fish market. Openings on the ninth.", "https://nine.example"
    ),
)
"""The artists first, in the order of their works. The others collect."""


def key_of(seed: int, username: str) -> str:
    """A private key for a local chain. The same seed gives the same one."""
    return "0x" + keccak(f"steadymint showcase {seed} {username}".encode()).hex()


def username_of(character: Character, seed: int) -> str:
    """Usernames are unique in a marketplace, so those of another seed than the first have its number."""
    return character.username if seed == 1 else f"{character.username}_{seed}"
