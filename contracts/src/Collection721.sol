// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {ERC721AUpgradeable} from "erc721a-upgradeable/contracts/ERC721AUpgradeable.sol";
import {CollectionBase} from "./CollectionBase.sol";
import {CollectionInit} from "./Types.sol";

/// @title An ERC-721 collection whose batch mint costs little more than its events.
/// @notice Ids run from 1. ERC721A writes the owner of a run of tokens once, and this contract closes a run
/// after RUN_LENGTH tokens, so that `ownerOf` and a transfer never scan back further than that. Each token
/// still has its own standard Transfer event.
contract Collection721 is CollectionBase, ERC721AUpgradeable {
    event Minted(
        bytes32 indexed ref,
        address indexed minter,
        address indexed to,
        uint256 firstTokenId,
        uint256 quantity,
        uint256 paid
    );

    /// @dev A run of L tokens costs its minter one new slot (22,100 gas) and the first transfer of each of its
    /// tokens a scan of (L - 1) / 2 cold slots (2,100 gas each) on average. If a share p of the tokens is ever
    /// transferred, the sum is least at L = sqrt(21 / p): 10 is right for a fifth.
    uint256 private constant RUN_LENGTH = 10;

    /// @dev ERC-4906.
    bytes4 private constant INTERFACE_ID_ERC4906 = 0x49064906;

    constructor() {
        _disableInitializers();
    }

    /// @dev ERC721A has a guard of its own beside OpenZeppelin's; the latter alone locks the implementation.
    function initialize(CollectionInit calldata init) external initializer initializerERC721A {
        __ERC721A_init(init.name, init.symbol);
        __CollectionBase_init(init);
    }

    /// @notice Mints the next `quantity` ids to `to` under the mint rules. `ref` ties the mint to its intent;
    /// anyone can send any `ref`, so who reads it must compare the minter, the receiver and the quantity too.
    function mint(address to, uint256 quantity, bytes32[] calldata proof, bytes32 ref)
        external
        payable
        nonReentrant
        whenNotPaused
    {
        _requireSupply(_totalMinted(), quantity);
        uint256 paid = _admit(quantity, proof);
        _issue(to, quantity, ref, paid);
    }

    /// @notice Gives `quantity` tokens to `to`. Of the rules only the maximum supply and the pause hold.
    function airdrop(address to, uint256 quantity, bytes32 ref)
        external
        nonReentrant
        whenNotPaused
        onlyRole(MINTER_ROLE)
    {
        if (quantity == 0) revert ZeroQuantity();
        _requireSupply(_totalMinted(), quantity);
        _issue(to, quantity, ref, 0);
    }

    /// @notice Gives `quantities[i]` tokens to `to[i]`, in this order. Of the rules only the maximum supply and the
    /// pause hold. One receiver that refuses its tokens refuses all of them.
    function airdropBatch(address[] calldata to, uint256[] calldata quantities, bytes32 ref)
        external
        nonReentrant
        whenNotPaused
        onlyRole(MINTER_ROLE)
    {
        uint256 total = _total(to, quantities);
        _requireSupply(_totalMinted(), total);
        uint256 next = _nextTokenId();
        emit Airdropped(ref, msg.sender, keccak256(abi.encode(to, quantities)), next, total);
        for (uint256 i = 0; i < to.length; ++i) {
            _mintRuns(to[i], quantities[i]);
        }
        for (uint256 i = 0; i < to.length; ++i) {
            _askReceiver(to[i], next, quantities[i]);
            next += quantities[i];
        }
    }

    /// @notice Also announces, by ERC-4906, that every token's metadata changed.
    function setBaseURI(string calldata newBaseURI) public override {
        super.setBaseURI(newBaseURI);
        emit IERC4906.BatchMetadataUpdate(0, type(uint256).max);
    }

    /// @dev Kept in the spare 64 bits of ERC721A's balance slot, which a mint to oneself writes anyway. The
    /// cast is safe: each token of the total has cost gas for its own event.
    function mintedBy(address wallet) public view override returns (uint256) {
        return _getAux(wallet);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(CollectionBase, ERC721AUpgradeable)
        returns (bool)
    {
        return interfaceId == INTERFACE_ID_ERC4906 || ERC721AUpgradeable.supportsInterface(interfaceId)
            || CollectionBase.supportsInterface(interfaceId);
    }

    /// @dev Everything is written and announced before the receiver is asked whether it takes ERC-721 tokens.
    function _issue(address to, uint256 quantity, bytes32 ref, uint256 paid) private {
        uint256 first = _nextTokenId();
        emit Minted(ref, msg.sender, to, first, quantity, paid);
        _mintRuns(to, quantity);
        _askReceiver(to, first, quantity);
    }

    function _mintRuns(address to, uint256 quantity) private {
        for (uint256 left = quantity; left != 0;) {
            uint256 run = left < RUN_LENGTH ? left : RUN_LENGTH;
            _mint(to, run);
            left -= run;
        }
    }

    function _askReceiver(address to, uint256 first, uint256 quantity) private {
        if (to.code.length != 0) {
            for (uint256 i = 0; i < quantity; ++i) {
                ERC721Utils.checkOnERC721Received(msg.sender, address(0), to, first + i, "");
            }
        }
    }

    /// @return total sum of the quantities, none of which is 0.
    function _total(address[] calldata to, uint256[] calldata quantities) private pure returns (uint256 total) {
        if (to.length != quantities.length) revert LengthMismatch();
        if (to.length == 0) revert ZeroQuantity();
        for (uint256 i = 0; i < quantities.length; ++i) {
            if (quantities[i] == 0) revert ZeroQuantity();
            total += quantities[i];
        }
    }

    function _recordMinted(address wallet, uint256 total) internal override {
        _setAux(wallet, uint64(total));
    }

    function _startTokenId() internal pure override returns (uint256) {
        return 1;
    }

    function _baseURI() internal view override returns (string memory) {
        return baseURI();
    }
}
