package io.weir.reactive;

import io.weir.core.peer.Target;

/** Every {@link Target} is some peer's: remove a route first. */
public final class NoTargetException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public NoTargetException() {
        super("all " + Target.COUNT + " targets are taken");
    }
}
