package io.weir.reactive.session;

import io.weir.reactive.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * What user code throws in a test, once, and who has got it in the end: the caller of Weir, or the thread's uncaught
 * handler.
 */
final class Blow implements AutoCloseable {

    /** The kinds of throwables that Weir, or Reactor, tells apart. */
    enum Kind {
        EXCEPTION(new IllegalStateException("test")),
        ASSERTION_ERROR(new AssertionError("test")),
        LINKAGE_ERROR(new NoClassDefFoundError("test")),
        STACK_OVERFLOW(new StackOverflowError("test")),
        OUT_OF_MEMORY(new OutOfMemoryError("test")),
        INTERNAL_ERROR(new InternalError("test"));

        final Throwable throwable;

        Kind(Throwable throwable) {
            this.throwable = throwable;
        }
    }

    final Kind kind;
    final List<Throwable> uncaught = new ArrayList<>();
    final List<Throwable> toCaller = new ArrayList<>();
    int thrown;
    private final Thread thread = Thread.currentThread();
    private final Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();

    Blow(Kind kind) {
        this.kind = kind;
        thread.setUncaughtExceptionHandler((t, e) -> uncaught.add(e));
    }

    boolean isFatal() {
        return Fault.isFatal(kind.throwable);
    }

    /** Throws, the first time. */
    void strike() {
        if (thrown++ == 0) {
            throwUnchecked(kind.throwable);
        }
    }

    /** Throws the first time, else gives that. */
    <T> T strikeOr(T value) {
        strike();
        return value;
    }

    /** A call of the user's into Weir, which may give back what was thrown. */
    void call(Runnable user) {
        try {
            user.run();
        } catch (Throwable e) {
            toCaller.add(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUnchecked(Throwable e) throws E {
        throw (E) e;
    }

    @Override
    public void close() {
        thread.setUncaughtExceptionHandler(before);
    }
}
