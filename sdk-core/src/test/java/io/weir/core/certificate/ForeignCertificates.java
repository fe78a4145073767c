package io.weir.core.certificate;

import java.util.Base64;

/** Certificates that OpenSSL 3 has made: self-signed, valid from 2026 for a hundred years. */
final class ForeignCertificates {

    /** {@code req -x509 -newkey ed25519}: other names, other extensions, random serial number. */
    static final byte[] ED25519 =
            decoded("MIIBOjCB7aADAgECAhRJ729Nd+PRIXR72g2pW31fNt8rkzAFBgMrZXAwEjEQMA4GA1UEAwwHZm9yZWlnbjAgFw0y"
                    + "NjExMzAxNDI0NTZaGA8yMTI2MTEwNjE0MjQ1NlowEjEQMA4GA1UEAwwHZm9yZWlnbjAqMAUGAytlcAMhAO+Fliqo"
                    + "TH5UepNn2yMDpTnKGCdCS9D9jxGsm6/mRG5No1MwUTAdBgNVHQ4EFgQUVCnWST4SVZuQA45w+TedjMI9B0gwHwYD"
                    + "VR0jBBgwFoAUVCnWST4SVZuQA45w+TedjMI9B0gwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBf9ymXHd6dtfZS"
                    + "j6KhcDiRqOooPo1Z27yQw5UFTbE9mPds+l7D+1o2MM55ZAqMCr6w98DCLde+t0Nmb9BMOTQC");

    /** {@code req -x509 -newkey rsa:2048}. */
    static final byte[] RSA =
            decoded("MIIC+zCCAeOgAwIBAgIUGcPiNriGMtlJAcZOJ2QDGg5o/VcwDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UEAwwBeDAg"
                    + "Fw0yNjExMzAxNDI0NTZaGA8yMTI2MTEwNjE0MjQ1NlowDDEKMAgGA1UEAwwBeDCCASIwDQYJKoZIhvcNAQEBBQAD"
                    + "ggEPADCCAQoCggEBAM7FVrX6Q0Wmo9Tck2YbQAu/DpzhhmfrdPLJ7aOxr825n4LQhDUm74E3ik0NSs9klNlReDgn"
                    + "O1llz8EFFbzHchpdUdYDuqPTQ4ecdUh/L8f3KOFFHCgti9yB43rSjzMj33CRdoXwy3uqAdJiSpz0zVsT75RlnzN4"
                    + "BRspxSw4KhSAAOneFYKeyRwGQPHJ4UzaZ2MGY+DjivBl0waqeuPWi15ouVMzHvAfrXP6S8GHUr6TjKeSGwBdWAbC"
                    + "JgjpNhb7jwmFj1Q6eZ7tc7naMsFIS6UwhKo0daLr+wriLYsLwCTNZs08WKbDJc55Ki22lvlthJMKVNv3qZ+wu7pW"
                    + "I1CyNM8CAwEAAaNTMFEwHQYDVR0OBBYEFNS0KITXmkctA21SjkKxL3pfZ4mBMB8GA1UdIwQYMBaAFNS0KITXmkct"
                    + "A21SjkKxL3pfZ4mBMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAF47xB1suNbiotmmHSnW1x4j"
                    + "AaowBAXcmCLU/nVUPpCg005HHBeGv3BpjMIsGi6GOugPrVXyA33zvqNO30iuJaUgqEasAa+Esn7IQm9JQm58u3zN"
                    + "eZ86APm7y0rih4vOPrzxLyJCzo8dlT5b+mVEA4hQJQaQAbpHAbjBQhF+0SUTBmw8ldUFByBPdjT5fXRo5vEtFOtm"
                    + "zoNbds02CcnQYr8SIe8rXa0wvM6e7Ds04/wjweyQu/z0mnRz25bHk1KH3tXOfZXRW48WLdBqLZUMlBwEKy1s/tVR"
                    + "kjORu79X6Teln3qQUJ8rHK+DXsYtqPZuH/crVxWHmgM2e4wilFA8SXY=");

    /** {@code req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256}. */
    static final byte[] ECDSA =
            decoded("MIIBbzCCARWgAwIBAgIUC38CguPYjmvlj0xcIzOaNEnh2HowCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeDAgFw0y"
                    + "NjExMzAxNDI0NTZaGA8yMTI2MTEwNjE0MjQ1NlowDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEH"
                    + "A0IABCy8vxvAb6I9oQkq7dRLlVebwmlorSERrMTft+OUapEiEX4Z6t1md/3xFSBEGuK2OvsZTZrD83BpugPCxO6X"
                    + "G3WjUzBRMB0GA1UdDgQWBBTE/5IdT2+scJ2Rj9DfGkzSu48cIzAfBgNVHSMEGDAWgBTE/5IdT2+scJ2Rj9DfGkzS"
                    + "u48cIzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDFyXmNqWM3W8IcPIAGMDd4tJF+M9AegG0P"
                    + "rPsN8Kkz+QIgcF9K20F/LgRhy9VeO8CGjk9FOB3kU7e9u4rfDRVqE8I=");

    private ForeignCertificates() {}

    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
