// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {ERC1155Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC1155/ERC1155Upgradeable.sol";
import {CollectionBase} from "./CollectionBase.sol";
import {CollectionInit} from "./Types.sol";

/// @title An ERC-1155 collection: any id, each with the collection's maximum supply.
/// @notice One mint config holds for all ids; price and wallet limit count the total quantity of a mint.
contract Collection1155 is CollectionBase, ERC1155Upgradeable {
    /// @notice Emitted for the single mint too, with arrays of one.
    event MintedBatch(
        bytes32 indexed ref,
        address indexed minter,
        address indexed to,
        uint256[] ids,
        uint256[] quantities,
        uint256 paid
    );

    string public name;
    string public symbol;

    /// @notice Minted quantity of an id. There is no burn, so it never falls.
    mapping(uint256 id => uint256) public totalSupply;
    mapping(address wallet => uint256) private _mintedBy;

    constructor() {
        _disableInitializers();
    }

    function initialize(CollectionInit calldata init) external initializer {
        name = init.name;
        symbol = init.symbol;
        __CollectionBase_init(init);
    }

    /// @notice Mints `quantity` of `id` to `to` under the mint rules. `ref` ties the mint to its intent; anyone
    /// can send any `ref`, so who reads it must compare the minter, the receiver and the quantities too.
    function mint(address to, uint256 id, uint256 quantity, bytes32[] calldata proof, bytes32 ref)
        external
        payable
        nonReentrant
        whenNotPaused
    {
        _addSupply(id, quantity);
        uint256 paid = _admit(quantity, proof);
        uint256[] memory ids = new uint256[](1);
        uint256[] memory quantities = new uint256[](1);
        (ids[0], quantities[0]) = (id, quantity);
        emit MintedBatch(ref, msg.sender, to, ids, quantities, paid);
        _mint(to, id, quantity, "");
    }

    /// @notice Mints many ids at once. An id may stand in the list more than once.
    function mintBatch(
        address to,
        uint256[] calldata ids,
        uint256[] calldata quantities,
        bytes32[] calldata proof,
        bytes32 ref
    ) external payable nonReentrant whenNotPaused {
        uint256 total = _addSupplies(ids, quantities);
        uint256 paid = _admit(total, proof);
        emit MintedBatch(ref, msg.sender, to, ids, quantities, paid);
        _mintBatch(to, ids, quantities, "");
    }

    /// @notice Gives tokens to `to`. Of the rules only the maximum supply and the pause hold.
    function airdrop(address to, uint256[] calldata ids, uint256[] calldata quantities, bytes32 ref)
        external
        nonReentrant
        whenNotPaused
        onlyRole(MINTER_ROLE)
    {
        if (_addSupplies(ids, quantities) == 0) revert ZeroQuantity();
        emit MintedBatch(ref, msg.sender, to, ids, quantities, 0);
        _mintBatch(to, ids, quantities, "");
    }

    /// @notice Gives `quantities[i]` of `ids[i]` to `to[i]`. Of the rules only the maximum supply and the pause hold.
    /// One receiver that refuses its tokens refuses all of them.
    function airdropBatch(
        address[] calldata to,
        uint256[] calldata ids,
        uint256[] calldata quantities,
        bytes32 ref
    ) external nonReentrant whenNotPaused onlyRole(MINTER_ROLE) {
        if (to.length != ids.length) revert LengthMismatch();
        uint256 total = _addSupplies(ids, quantities);
        if (total == 0) revert ZeroQuantity();
        emit Airdropped(ref, msg.sender, keccak256(abi.encode(to, ids, quantities)), 0, total);
        for (uint256 i = 0; i < to.length; ++i) {
            _give(to[i], ids[i], quantities[i]);
        }
        for (uint256 i = 0; i < to.length; ++i) {
            ERC1155Utils.checkOnERC1155Received(msg.sender, address(0), to[i], ids[i], quantities[i], "");
        }
    }

    /// @notice ERC-1155 template: the reader replaces `{id}` by 64 lower-case hex digits.
    function uri(uint256) public view override returns (string memory) {
        return baseURI();
    }

    function mintedBy(address wallet) public view override returns (uint256) {
        return _mintedBy[wallet];
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(CollectionBase, ERC1155Upgradeable)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    /// @dev Like `_mint`, but without asking the receiver: all tokens are written and announced before the first is.
    function _give(address to, uint256 id, uint256 quantity) private {
        if (to == address(0)) revert ERC1155InvalidReceiver(to);
        uint256[] memory ids = new uint256[](1);
        uint256[] memory quantities = new uint256[](1);
        (ids[0], quantities[0]) = (id, quantity);
        _update(address(0), to, ids, quantities);
    }

    /// @dev Adds entry by entry, so that an id given twice cannot pass its maximum.
    /// @return total sum of the quantities; 0 only for empty lists.
    function _addSupplies(uint256[] calldata ids, uint256[] calldata quantities) private returns (uint256 total) {
        if (ids.length != quantities.length) revert LengthMismatch();
        for (uint256 i = 0; i < ids.length; ++i) {
            if (quantities[i] == 0) revert ZeroQuantity();
            _addSupply(ids[i], quantities[i]);
            total += quantities[i];
        }
    }

    function _addSupply(uint256 id, uint256 quantity) private {
        uint256 minted = totalSupply[id];
        _requireSupply(minted, quantity);
        totalSupply[id] = minted + quantity;
    }

    function _recordMinted(address wallet, uint256 total) internal override {
        _mintedBy[wallet] = total;
    }
}
