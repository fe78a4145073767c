package io.weir.spring.handler;

import java.lang.reflect.Method;

/** Two methods that would answer the same. */
final class DuplicateHandlerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    DuplicateHandlerException(HandlerKind kind, String name, Method first, Method second) {
        super("two @" + kind.annotation().getSimpleName() + " methods are for \"" + name + "\": "
                + first.toGenericString() + ", and " + second.toGenericString());
    }
}
