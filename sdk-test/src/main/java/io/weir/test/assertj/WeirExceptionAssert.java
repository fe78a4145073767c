package io.weir.test.assertj;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a typed failure: AssertJ's for any exception, and those on its reason. */
public final class WeirExceptionAssert extends AbstractThrowableAssert<WeirExceptionAssert, WeirException> {

    WeirExceptionAssert(@Nullable WeirException actual) {
        super(actual, WeirExceptionAssert.class);
    }

    /** Its reason has that code. */
    public WeirExceptionAssert hasCode(ErrorCode expected) {
        reason().hasCode(expected);
        return this;
    }

    /** The same attempt can succeed later. */
    public WeirExceptionAssert isRetryable() {
        reason().isRetryable();
        return this;
    }

    /** The same attempt will fail again until somebody changes something. */
    public WeirExceptionAssert isNotRetryable() {
        reason().isNotRetryable();
        return this;
    }

    /** More on its reason. */
    public CloseReasonAssert reason() {
        isNotNull();
        return new CloseReasonAssert(actual.reason())
                .describedAs(actual.getClass().getSimpleName());
    }
}
