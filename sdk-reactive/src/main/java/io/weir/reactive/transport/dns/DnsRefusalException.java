package io.weir.reactive.transport.dns;

import java.io.IOException;
import java.io.Serial;

/**
 * A DNS server that answered without saying what there is: REFUSED, SERVFAIL and the like, or an answer that was cut off.
 * What was known before may still be true; that there are no records is an answer, not this.
 */
public final class DnsRefusalException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code as RFC 1035 and its successors name it, {@code REFUSED}
     * @param question what was asked for
     */
    public DnsRefusalException(String code, String question) {
        super("DNS answers " + code + " for " + question);
        this.code = code;
    }

    /** For example {@code REFUSED}, {@code SERVFAIL}; {@code TRUNCATED} for what did not fit and could not be had whole. */
    public String code() {
        return code;
    }
}
