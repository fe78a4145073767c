package io.weir.reactive.transport.memory;

import io.weir.reactive.transport.AbstractLink;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.memory.MemoryMedium.Signal;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of an in-memory link. What is written is copied and carried to the other end's loop, where it waits until it
 * is read; only then the writer's loop is told, so that a peer that does not read stops the writer after
 * {@link #HIGH_WATER_BYTES} plus one record. Confined to its loop; the two ends never share state.
 */
final class MemoryLink extends AbstractLink {

    /** Not writable while this many bytes or more are under way: two records of the usual size. */
    static final int HIGH_WATER_BYTES = 64 * 1024;

    private final MemoryWire wire;
    private final MemoryAddress local;
    private final MemoryAddress remote;

    // Output.
    private long underWayBytes;
    private boolean outputEnded;
    private @Nullable Runnable whenFlushed;

    // Input: bounded by what the other end may have under way.
    private final Deque<byte[]> arrived = new ArrayDeque<>();
    private boolean reading;
    private boolean peerEnded;

    MemoryLink(SessionLoop loop, MemoryWire wire, MemoryAddress local, MemoryAddress remote) {
        super(loop);
        this.wire = wire;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress localAddress() {
        return local;
    }

    @Override
    public boolean writable() {
        return !isEnded() && underWayBytes < HIGH_WATER_BYTES;
    }

    @Override
    protected void startReading() {
        reading = true;
        loop().execute(this::deliver);
    }

    @Override
    protected void write(ByteBuffer record) {
        if (outputEnded) {
            lost(new IOException("written after the output was closed"));
            return;
        }
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        underWayBytes += bytes.length;
        MemoryLink peer = wire.opposite(this);
        wire.carry(peer, bytes, peer::onArrival);
    }

    @Override
    protected void flush() {
        // Every write is on its way at once.
    }

    @Override
    protected void flushThen(Runnable task) {
        if (underWayBytes == 0) {
            task.run();
        } else {
            whenFlushed = task;
        }
    }

    @Override
    protected void endOutput() {
        if (!outputEnded) {
            outputEnded = true;
            MemoryLink peer = wire.opposite(this);
            wire.carry(peer, Signal.END, peer::onPeerEnded);
        }
    }

    @Override
    protected void release() {
        // As a socket does: input that nobody will read any more makes the peer's output fail.
        MemoryLink peer = wire.opposite(this);
        if (arrived.isEmpty()) {
            endOutput();
        } else {
            arrived.clear();
            wire.carry(peer, Signal.RESET, peer::onReset);
        }
        whenFlushed = null;
        wire.endClosed(this);
        loop().execute(this::released);
    }

    /** The connection was torn down elsewhere; also the answer to bytes that reach a closed end. */
    void onReset() {
        onReset("connection reset by peer");
    }

    void onReset(String cause) {
        lost(new IOException(cause));
    }

    void onPeerEnded() {
        peerEnded = true;
        deliver();
    }

    /** Constant from run to run, so that a transport's links are met in the same order each time. */
    @Override
    public int hashCode() {
        return wire.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    private void onArrival(byte[] bytes) {
        if (isEnded()) {
            MemoryLink peer = wire.opposite(this);
            wire.carry(peer, Signal.RESET, peer::onReset);
            return;
        }
        arrived.add(bytes);
        deliver();
    }

    private void onTaken(int bytes) {
        boolean wasWritable = writable();
        underWayBytes -= bytes;
        if (isEnded()) {
            return;
        }
        Runnable task = whenFlushed;
        if (underWayBytes == 0 && task != null) {
            whenFlushed = null;
            task.run();
        } else if (!wasWritable && writable()) {
            becameWritable();
        }
    }

    private void deliver() {
        MemoryLink peer = wire.opposite(this);
        while (reading && !isEnded()) {
            byte[] bytes = arrived.poll();
            if (bytes == null) {
                break;
            }
            received(ByteBuffer.wrap(bytes));
            wire.carry(peer, Signal.TAKEN, () -> peer.onTaken(bytes.length));
        }
        if (reading && peerEnded && arrived.isEmpty()) {
            inputEnded();
        }
    }
}
