package io.weir.spring.client;

/** An interface that can be no client. */
final class InvalidClientException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String legal;

    /** @param legal what helps */
    InvalidClientException(String problem, String legal) {
        super(problem);
        this.legal = legal;
    }

    /** What is to be done. */
    String legal() {
        return legal;
    }
}
