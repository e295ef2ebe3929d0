"""Which links a profile takes, and the one form in which they are stored."""

from __future__ import annotations

import pytest

from steadymint.identity.users.socials import SITES, SocialKind, parse_social


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("website", "https://zoe.example/a?b=c", "https://zoe.example/a?b=c"),
        ("x", "https://www.twitter.com/zoe/", "https://x.com/zoe"),
        ("discord", "https://discord.gg/mint", "https://discord.com/invite/mint"),
        ("farcaster", "https://warpcast.com/zoe.eth", "https://farcaster.xyz/zoe.eth"),
        *((kind, site.example, site.example) for kind, site in SITES.items()),
    ],
)
def test_a_link_is_stored_in_one_form(kind: SocialKind, given: str, stored: str) -> None:
    assert parse_social(kind, given) == stored == parse_social(kind, stored)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("website", "ipfs://bafy/a"),
        ("website", "http://zoe.example"),
        ("x", "https://github.com/zoe"),
        ("x", "https://x.com/zoe/status/1"),
        ("x", "https://x.com.evil.example/zoe"),
        ("x", "https://x.com@evil.example/zoe"),
        ("x", "https://x.com/"),
        ("x", "https://x.com:444/zoe"),
        ("github", "https://github.com/zoe?tab=repositories"),
        ("github", "https://github.com/%2e%2e"),
        ("telegram", "https://t.me/joinchat/abc"),
        ("discord", "https://discord.gg/"),
        ("discord", "https://discord.com/users/zoe"),
    ],
)
def test_a_link_to_anywhere_else_is_refused(kind: SocialKind, given: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_social(kind, given)
