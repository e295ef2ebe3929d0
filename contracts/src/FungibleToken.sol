// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {
    ERC20PermitUpgradeable
} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {TokenInit} from "./TokenTypes.sol";

/// @title An ERC-20 token of the launch factory.
/// @notice What it can do is fixed at birth. Its owner, if it has one, can mint within the cap and nothing else:
/// nobody can freeze, take or tax what a holder owns.
contract FungibleToken is ERC20PermitUpgradeable, OwnableUpgradeable {
    error InvalidDecimals(uint8 decimals);
    error CapExceeded(uint256 wanted, uint256 left);
    error NothingToLaunch();
    error BurnDisabled();
    error PermitDisabled();

    /// @notice Amounts of more decimals have too few digits left before the point in a uint256.
    uint8 public constant MAX_DECIMALS = 36;

    /// @notice The total supply is never above it; 0 = no cap. What is burned may be minted again.
    uint256 public cap;
    /// @notice Whether holders may burn.
    bool public burnable;
    /// @notice Whether `permit` works.
    bool public permitEnabled;

    uint8 private _decimals;
    /// @notice ERC-7572: metadata of the token. It never changes.
    string public contractURI;

    constructor() {
        _disableInitializers();
    }

    function initialize(TokenInit calldata init) external initializer {
        if (init.decimals > MAX_DECIMALS) revert InvalidDecimals(init.decimals);
        __ERC20_init(init.name, init.symbol);
        __ERC20Permit_init(init.name);
        if (init.owner != address(0)) {
            __Ownable_init(init.owner);
        } else if (init.supply == 0) {
            revert NothingToLaunch();
        }
        _decimals = init.decimals;
        cap = init.cap;
        burnable = init.burnable;
        permitEnabled = init.permit;
        contractURI = init.contractURI;
        if (init.supply != 0) _mintWithinCap(init.recipient, init.supply);
    }

    /// @notice Mints `amount` more to `to`, within the cap.
    function mint(address to, uint256 amount) external onlyOwner {
        _mintWithinCap(to, amount);
    }

    function burn(uint256 amount) external {
        if (!burnable) revert BurnDisabled();
        _burn(msg.sender, amount);
    }

    /// @notice Burns from the allowance that `from` has given to the caller.
    function burnFrom(address from, uint256 amount) external {
        if (!burnable) revert BurnDisabled();
        _spendAllowance(from, msg.sender, amount);
        _burn(from, amount);
    }

    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        public
        override
    {
        if (!permitEnabled) revert PermitDisabled();
        super.permit(owner, spender, value, deadline, v, r, s);
    }

    function decimals() public view override(ERC20Upgradeable) returns (uint8) {
        return _decimals;
    }

    function _mintWithinCap(address to, uint256 amount) private {
        uint256 left = (cap == 0 ? type(uint256).max : cap) - totalSupply();
        if (amount > left) revert CapExceeded(amount, left);
        _mint(to, amount);
    }
}
