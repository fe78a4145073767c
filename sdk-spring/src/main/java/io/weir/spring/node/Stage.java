package io.weir.spring.node;

import org.springframework.context.SmartLifecycle;

/** A part of the application's life, at a place of its own in the order of starts and stops. A pause of the container is no stop. */
public abstract class Stage implements SmartLifecycle {

    private final int phase;
    private volatile boolean running;

    /** @param phase what starts later stops earlier */
    protected Stage(int phase) {
        this.phase = phase;
    }

    /** It has started. */
    protected final void started() {
        running = true;
    }

    /** It stops; false if it had done so, or had not started. Of the container's thread. */
    protected final boolean stopping() {
        boolean was = running;
        running = false;
        return was;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    @Override
    public final int getPhase() {
        return phase;
    }

    /** Peers would take a pause for the end. */
    @Override
    public final boolean isPauseable() {
        return false;
    }
}
