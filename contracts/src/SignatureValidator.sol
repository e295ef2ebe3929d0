// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Asks a contract wallet whether it takes a signature (ERC-1271), before it is deployed if need be (ERC-6492).
/// @notice Never deployed. Its creation code runs inside one `eth_call`, and what the constructor returns is the
/// answer: nothing is stored, no value moves, and the temporary address that makes the calls owns nothing.
/// @dev A contract that is there decides alone. The factory is called only where there is none, so that the former
/// owner of a wallet cannot bring it back by its own deployment data.
contract SignatureValidator {
    uint256 private constant INVALID = 0;
    uint256 private constant VALID = 1;
    uint256 private constant NO_CONTRACT = 2;
    uint256 private constant WRONG_CHAIN = 3;

    /// @dev `isValidSignature(bytes32,bytes)`, which ERC-1271 takes for its magic value as well.
    bytes4 private constant MAGIC = 0x1626ba7e;

    /// @dev Passkey wallets that verify P-256 in Solidity take up to 400 k.
    uint256 private constant SIGNATURE_GAS = 2_000_000;
    /// @dev The usual factories take 200 to 600 k.
    uint256 private constant FACTORY_GAS = 4_000_000;

    constructor(
        uint256 chainId,
        address signer,
        bytes32 hash,
        bytes memory signature,
        address factory,
        bytes memory factoryCalldata
    ) {
        uint256 answer = _validate(chainId, signer, hash, signature, factory, factoryCalldata);
        assembly ("memory-safe") {
            mstore(0, answer)
            return(0, 32)
        }
    }

    function _validate(
        uint256 chainId,
        address signer,
        bytes32 hash,
        bytes memory signature,
        address factory,
        bytes memory factoryCalldata
    ) private returns (uint256) {
        if (block.chainid != chainId) return WRONG_CHAIN;
        if (signer.code.length == 0 && factory != address(0)) _deploy(factory, factoryCalldata);
        if (signer.code.length == 0) return NO_CONTRACT;
        return _takes(signer, abi.encodeWithSelector(MAGIC, hash, signature)) ? VALID : INVALID;
    }

    /// @dev Whether it worked shows in the signer's code, so nothing of the reply is read: it may be a megabyte.
    function _deploy(address factory, bytes memory data) private {
        assembly ("memory-safe") {
            pop(call(FACTORY_GAS, factory, 0, add(data, 32), mload(data), 0, 0))
        }
    }

    /// @dev Exactly the magic value and 28 zero bytes: a contract that echoes its calldata also begins with the magic.
    function _takes(address signer, bytes memory data) private view returns (bool taken) {
        assembly ("memory-safe") {
            mstore(0, 0)
            let ok := staticcall(SIGNATURE_GAS, signer, add(data, 32), mload(data), 0, 32)
            taken := and(ok, and(eq(returndatasize(), 32), eq(mload(0), MAGIC)))
        }
    }
}
