// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";

/// @title An ERC-721 as others deploy them: owned, minting in its constructor, announcing its metadata (ERC-4906).
contract ForeignDrop is ERC721URIStorage, Ownable {
    event ContractURIUpdated(string prevURI, string newURI);

    constructor(address owner, uint256 first) ERC721("Foreign Drop", "DROP") Ownable(owner) {
        for (uint256 id = 1; id <= first; ++id) _mint(owner, id);
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function burn(uint256 id) external {
        _burn(id);
    }

    function setTokenURI(uint256 id, string calldata uri) external {
        _setTokenURI(id, uri);
    }

    function setContractURI(string calldata uri) external {
        emit ContractURIUpdated("", uri);
    }

    /// @notice Says that a token has moved that has not.
    function lie(address from, address to, uint256 id) external {
        emit Transfer(from, to, id);
    }
}
