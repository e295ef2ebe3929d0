// The operations of the specification, in its own words: what a front end sends that was written for its document.

export const SIGN_IN = `mutation SignIn($input: SignInSiweInput!) {
  signInSiwe(input: $input) { nonce }
}`;
export const VERIFY = `mutation Verify($input: VerifySiweInput!) {
  verifySiwe(input: $input) { accessToken refreshToken expiresAt userId }
}`;
export const UPLOAD = `mutation Upload($files: [Upload!]!) {
  uploadMedia(files: $files) { mediaId }
}`;
export const PREPARE_COLLECTION = `mutation Prepare($input: PrepareCreateCollectionInput!) {
  prepareCreateCollection(input: $input) { intentId txRequest { to data value } previewAddress }
}`;
export const TRACK_COLLECTION = `mutation Track($intentId: ID!, $chainId: ChainId!, $txHash: Hex!, $address: Address) {
  trackCollectionTx(intentId: $intentId, chainId: $chainId, txHash: $txHash, previewAddress: $address) { status }
}`;
export const ON_COLLECTION = `subscription Follow($intentId: ID!) {
  onCollectionStatus(intentId: $intentId) { status address chainId txHash }
}`;
export const PREPARE_MINT_721 = `mutation Mint($input: PrepareMint721Input!) {
  prepared: prepareMint721(input: $input) { intentId txRequest { to data value } }
}`;
export const PREPARE_MINT_1155 = `mutation Mint($input: PrepareMint1155Input!) {
  prepared: prepareMint1155(input: $input) { intentId txRequest { to data value } }
}`;
export const TRACK_MINT = `mutation Track($intentId: ID!, $chainId: ChainId!, $txHash: Hex!, $contract: Address!) {
  trackMintTx(intentId: $intentId, chainId: $chainId, txHash: $txHash, contract: $contract) { status }
}`;
export const ON_MINT = `subscription Follow($intentId: ID!) {
  onMintStatus(intentId: $intentId) { status contract tokenIds txHash chainId }
}`;
