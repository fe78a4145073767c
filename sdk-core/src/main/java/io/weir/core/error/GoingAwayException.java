package io.weir.core.error;

/**
 * What a publisher fails with to say that it goes away and that there may be another one elsewhere, or here later: the
 * peer's subscriber gets all that was emitted before it, then {@link StreamReset} with {@link ErrorCode#GOING_AWAY}, which is
 * retryable. A completion in its place would say that there is nothing more to come.
 */
public final class GoingAwayException extends WeirException {

    private static final long serialVersionUID = 1L;

    public GoingAwayException() {
        super("going away", CloseReason.local(ErrorCode.GOING_AWAY), null);
    }
}
