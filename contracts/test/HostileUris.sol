// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Token URIs that are made to hurt whoever reads them.
contract HostileUris {
    /// @notice By the id, 1 to 12; every other token is honest.
    function tokenURI(uint256 id) external view returns (string memory) {
        bytes memory said = "ipfs://honest";
        if (id == 5) said = hex"697066733a2f2fff61"; // ipfs://, no UTF-8, a
        if (id == 11) said = hex"00697066733a2f2f006100"; // ipfs://a among NUL
        assembly {
            let start := mload(0x40)
            switch id
            case 1 { for {} 1 {} {} }
            case 2 { invalid() }
            case 3 {
                // five million bytes
                mstore(start, 32)
                mstore(add(start, 32), 5000000)
                return(start, 5000064)
            }
            case 4 { revert(start, 0x100000) }
            case 6 {
                // a bytes32
                mstore(start, "ipfs://short")
                return(start, 32)
            }
            case 7 {
                // text as it is
                mstore(start, "ipfs://as-it-is")
                return(start, 15)
            }
            case 8 {
                // a length beyond all memory
                mstore(start, 32)
                mstore(add(start, 32), shl(255, 1))
                return(start, 64)
            }
            case 9 {
                // an offset beyond all memory
                mstore(start, shl(255, 1))
                return(start, 64)
            }
            case 10 {
                // calls itself until the gas is gone
                pop(staticcall(gas(), address(), 0, calldatasize(), 0, 0))
                invalid()
            }
            case 12 {
                // an offset that points at itself, and a length that is the offset
                mstore(start, 0)
                return(start, 96)
            }
        }
        return string(said);
    }
}
