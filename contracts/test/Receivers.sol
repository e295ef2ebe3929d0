// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

/// @title A payout that refuses every payment.
contract RevertingReceiver {
    error Refused();

    receive() external payable {
        revert Refused();
    }
}

/// @title A payout that, when paid, calls the payer's `withdraw` again.
contract ReentrantPayout {
    bool public reentered;

    receive() external payable {
        (bool ok,) = msg.sender.call(abi.encodeWithSignature("withdraw()"));
        reentered = reentered || ok;
    }
}

/// @title Sends a mint and, when it receives the token, tries to send the same mint again.
contract ReentrantMinter is ERC721Holder, ERC1155Holder {
    uint256 public attempts;
    uint256 public successes;
    bytes public lastError;

    bytes private _call;
    bool private _inside;

    /// @notice Calls `collection` with `data`; every hook repeats the call once.
    function attack(address collection, bytes calldata data) external {
        _call = data;
        (bool ok, bytes memory result) = collection.call(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }

    function onERC721Received(address operator, address from, uint256 id, bytes memory data)
        public
        override
        returns (bytes4)
    {
        _reenter();
        return super.onERC721Received(operator, from, id, data);
    }

    function onERC1155Received(address operator, address from, uint256 id, uint256 value, bytes memory data)
        public
        override
        returns (bytes4)
    {
        _reenter();
        return super.onERC1155Received(operator, from, id, value, data);
    }

    function onERC1155BatchReceived(
        address operator,
        address from,
        uint256[] memory ids,
        uint256[] memory values,
        bytes memory data
    ) public override returns (bytes4) {
        _reenter();
        return super.onERC1155BatchReceived(operator, from, ids, values, data);
    }

    function _reenter() private {
        if (_inside) return;
        _inside = true;
        ++attempts;
        (bool ok, bytes memory result) = msg.sender.call(_call);
        if (ok) ++successes;
        else lastError = result;
        _inside = false;
    }
}
