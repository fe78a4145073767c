package io.weir.test.assertj;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Layer;
import io.weir.core.error.Origin;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on why something ended. */
public final class CloseReasonAssert extends AbstractAssert<CloseReasonAssert, CloseReason> {

    CloseReasonAssert(@Nullable CloseReason actual) {
        super(actual, CloseReasonAssert.class);
    }

    /** The table's code of that number; {@code UNKNOWN} where this version has none. */
    public CloseReasonAssert hasCode(ErrorCode expected) {
        return expect(reason().error() == expected, "code " + expected);
    }

    /** It arose there. */
    public CloseReasonAssert isIn(Layer expected) {
        return expect(reason().layer() == expected, "layer " + expected);
    }

    /** This side decided. */
    public CloseReasonAssert isLocal() {
        return expect(reason().origin() == Origin.LOCAL, "a local end");
    }

    /** The peer decided. */
    public CloseReasonAssert isRemote() {
        return expect(reason().origin() == Origin.REMOTE, "a remote end");
    }

    /** The same attempt can succeed later without anybody changing anything. */
    public CloseReasonAssert isRetryable() {
        return expect(reason().retryable(), "a retryable end");
    }

    /** The same attempt will fail again until somebody changes something. */
    public CloseReasonAssert isNotRetryable() {
        return expect(!reason().retryable(), "an end that is not retryable");
    }

    /** Nothing went wrong: the code is NONE, or the node was closed. */
    public CloseReasonAssert isClean() {
        return expect(clean(reason()), "a clean end");
    }

    static boolean clean(CloseReason reason) {
        return reason.clean() || reason.error() == ErrorCode.NODE_CLOSED;
    }

    private CloseReason reason() {
        isNotNull();
        return actual;
    }

    private CloseReasonAssert expect(boolean holds, String expected) {
        if (!holds) {
            failWithMessage("expected %s, but it was: %s", expected, actual);
        }
        return this;
    }
}
