// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Token URIs of every kind that we must live with.
contract TokenUris {
    mapping(uint256 => string) private _uris;
    string private _contractUri;
    bool private _plain;
    string private _base = "https://example.org/";
    string public name = "Odd";

    error NoSuchToken(uint256 id);

    function set(uint256 id, string calldata uri_) external {
        _uris[id] = uri_;
    }

    function setContractURI(string calldata uri_) external {
        _contractUri = uri_;
    }

    /// @notice With a base, no token is odd.
    function setBase(string calldata base) external {
        _base = base;
        _plain = true;
    }

    function contractURI() external view returns (string memory) {
        return _contractUri;
    }

    /// @notice By the last digit: 0 reverts, 8 burns all its gas, 9 answers with 200,000 bytes, others with what is set
    /// or a URI made of the id.
    function tokenURI(uint256 id) external view returns (string memory) {
        uint256 kind = id % 10;
        if (bytes(_uris[id]).length != 0) return _uris[id];
        if (_plain) return string.concat(_base, _decimal(id));
        if (kind == 0) revert NoSuchToken(id);
        if (kind == 8) {
            assembly {
                invalid()
            }
        }
        if (kind == 9) return string(new bytes(200_000));
        return string.concat(_base, _decimal(id));
    }

    function uri(uint256) external pure returns (string memory) {
        return "https://example.org/{id}.json";
    }

    function _decimal(uint256 value) private pure returns (string memory) {
        if (value == 0) return "0";
        bytes memory digits;
        for (; value != 0; value /= 10) digits = abi.encodePacked(uint8(48 + (value % 10)), digits);
        return string(digits);
    }
}
