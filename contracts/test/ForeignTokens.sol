// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title A plain OpenZeppelin ERC-721 of nobody's factory; also the baseline of the gas table.
contract ForeignERC721 is ERC721("Foreign", "FRGN") {
    uint256 private _last;

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    /// @notice Mints the next `quantity` ids, one after another.
    function mintMany(address to, uint256 quantity) external {
        uint256 first = _last + 1;
        _last += quantity;
        for (uint256 i = 0; i < quantity; ++i) {
            _safeMint(to, first + i);
        }
    }
}

/// @title A plain OpenZeppelin ERC-1155; also the baseline of the gas table.
contract ForeignERC1155 is ERC1155("") {
    function mint(address to, uint256 id, uint256 quantity) external {
        _mint(to, id, quantity, "");
    }

    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata quantities) external {
        _mintBatch(to, ids, quantities, "");
    }
}

/// @title An ERC-20: its Transfer has the signature of an ERC-721's with one topic less.
contract ForeignERC20 is ERC20("Foreign", "FRGN") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
