/**
 * The key pair that signs the mock's tokens. It is published with the package, so that tokens are really signed and nothing is
 * generated at start: it protects nothing, and no other system may trust it.
 */
const keyId = 'appjwt-23-11-26'

/** The public key of every token of the mock, as a JWK. Rule: AUTH-3. */
export const testPublicJwk = {
  kid: keyId,
  alg: 'RS256',
  use: 'sig',
  kty: 'RSA',
  n: 'q1Db96NGGhUAwUh9CsgfBJ8QyvDv4e0fJmJRg-OAiYMgDOZilZerbG4t1mlIhbzbqZyTzj8V3qklG60J71J_0akdvlIi2i0rqu-kN5vdNaPelFq8omBqYNr_-ebc8yAQ9NBuJIRT6Q2NEL3pKPhZ5BCinaCt82xtol4BHaQ0EdOILlLVlu62wPa1ihcRT_xsj9o5pgenMzeK4fqbPlzucu-YehYzTtR-X3qtNbYHtCdKB2MhAidmWtMFgctHeebXj-PbsAM8XeNxzhlrt2gRJKD_e1cQ6v26tMli2dRru7t848ohOcI8WWjIR0nDKaqAEa59-h72mQA2DqeZfZKBgw',
  e: 'AQAB',
} as const

/** The published private key of every token of the mock, as a JWK. */
export const testPrivateJwk = {
  ...testPublicJwk,
  d: 'JVvDNCv3SA3Hdd7MYdMFLJlRbKgA77gpYFH1a7jrWVFuZlHBMtT5zXHzbfvUlFF8Z27dLo9EQiOJk5D3Byjq9boW4d-AeSp7iNGscnH7Wcyr55cn5pL277siMgldqmkWOYTQWAdBUyOg3QNE-qm51ImqJIybEmfVOqCcRq39qtsmP6wOCD3yTJLA620Inq7U9cKQ75AQ2ppjWf7gD11JX057XilAOB6sNTZqQ_5dNx7vmqhtuXqqMIu7g534Y_Yh7-jWBFoJ2y7EQm0avoab0yjnVJNLLlYgQ6-zr9mvUIdzvS0_rj7ilEEx8Es_x9_JvRhOJgefOpUkEVJlu-MJXQ',
  p: '2jv-Od_Yw2GD8JzO_e94FqQtpLfWTJI69KketQ6NEusRHh7D4PUnhEHiuHPdfReyEh7JsjcY_748MfMIiNFsNpSqquml8v0vExlqQppkkpvfMbmgFagugof5F5ODFl1rD0i70VBH_XIuI_vJmMZ8dH-2Fx0neF8_WITQkOyUxT0',
  q: 'yPZUHKw0QiA5bkC6mZowGS-QH7UGNCY1WBpQTdyHhYn3q0qySEtrSPzLCyrtvMj35ZR2bKd-EycFL40fOmaM_cAtl-UqFE6qC1YgEg6rDYJJVO04_NN1VNtR-cMFA2VXE_M5ADNNwOufKiXqlXe05jcbbQKbBdkpRq2PAVxATb8',
  dp: 'kunmSGHIVCeWoel-c3a9mkhmLchQrPWYWNJtSKgGEqFKwcMmTI_dTWzpSxE9HxRPnWE6mQ38d1ZCwcGBklGhjtDgX_Sw8fa9tRbb8QBtCkGCrL_w5AN3ZApThyqYCftTslNdlRh9jkJKi5Dac03TxL2hAMhwpNlCFL48hgOuV2U',
  dq: 'b9AenJVzvhcP3ThGmpAfkuPT3NBr0zgvFgYOCERbYwGQu82jxHWyC7obfuszu4ZV53bjLTFEBIQBbqOmbGgCqmzy8UCgWQwrsIMK9QEUSz_ibU5QFtvQvJYK1lybvXf1KzR40pO4_04aEOlnzCH-lNi0ecKpXmelf52xo6AgZyE',
  qi: 'LdRS001i_MIWb5ZfTEEpusrCastP3g2LHtC6Ka8_hmbpzgtyynBtHYKjYg-jx-dC4zp3Il0qW6_tdZY2Ses67mOdSZ6sa_ED4BIv_MhWcbuv7soi5a52Wd2wMGCp-pefTeqk3Cv36Hv9Tbc9yxr9OnGR4jTG-w4kQD-H3eStgWg',
} as const
