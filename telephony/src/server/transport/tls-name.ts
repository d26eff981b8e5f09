/** Who a TLS certificate speaks for, and why a connection did not come about, in words for an engineer. */

/** The part of a certificate that is looked at. */
export interface CertificateNames {
  /** As Node writes them: `DNS:pbx.example, IP Address:10.0.0.5, URI:sip:example`. */
  readonly subjectaltname?: string | undefined;
}

/** Whether the certificate names the domain as a SIP identity (RFC 5922 §7.1), which a host name check would not see. */
export function namesSipDomain(certificate: CertificateNames, domain: string): boolean {
  const wanted = domain.toLowerCase();
  return (certificate.subjectaltname ?? "").split(/,\s*/).some((entry) => {
    const uri = /^URI:sips?:([^;?@]+)$/i.exec(entry);
    return uri !== null && uri[1]?.toLowerCase() === wanted;
  });
}

const TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ETIMEDOUT: "no connection in time",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "no route to the network",
  EADDRNOTAVAIL: "this listener's address cannot reach the peer",
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet; is the clock right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed and not known to us",
  SELF_SIGNED_CERT_IN_CHAIN: "the chain ends in a certificate that is not known to us",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "nobody known to us vouches for the certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "nobody known to us vouches for the certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: "the peer showed no certificate",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "the peer's TLS version is too old",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "the peer refuses our TLS version",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "the peer wants a certificate of ours and got none",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "the peer does not know who vouches for our certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "the peer does not accept our certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the peer says that our certificate has expired",
  ERR_SSL_WRONG_VERSION_NUMBER: "the peer does not speak TLS on this port",
  ERR_TLS_HANDSHAKE_TIMEOUT: "no TLS handshake in time",
};

/** One sentence; codes that have none here are told as they are. */
export function refusalText(error: Error & { readonly code?: string }): string {
  const { code } = error;
  if (code === undefined) return error.message;
  return (
    TEXTS[code] ??
    code
      .replace(/^ERR_SSL_/, "")
      .replaceAll("_", " ")
      .toLowerCase()
  );
}
