package io.weir.spring.handler;

import java.lang.reflect.Method;

/** An annotated method that can answer nobody. */
final class InvalidHandlerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String legal;

    InvalidHandlerException(Method method, HandlerKind kind, String problem) {
        super("the @" + kind.annotation().getSimpleName() + " method " + method.toGenericString() + ": " + problem);
        this.legal = kind.legal();
    }

    /** What such a method looks like. */
    String legal() {
        return legal;
    }
}
