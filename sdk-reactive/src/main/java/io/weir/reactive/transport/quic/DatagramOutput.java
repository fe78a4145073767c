package io.weir.reactive.transport.quic;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The datagrams of this side's on one connection, as many as QUIC sends at once; halves that have more wait. Loop-confined.
 */
final class DatagramOutput {

    private final QuicConnection connection;
    private final OutboundStreams streams;
    private final Runnable onRoom;
    private final int mostBytes;
    private final DatagramRoom room = new DatagramRoom();
    private final Set<HalfOutput> waiting = new LinkedHashSet<>();
    private boolean unflushed;
    private boolean awaitsRead;
    private boolean holdsControl;

    /** @param onRoom told that there may be room again for those that {@link #takeWaiting wait}; never from inside a call */
    DatagramOutput(QuicConnection connection, OutboundStreams streams, Runnable onRoom) {
        this.connection = connection;
        this.streams = streams;
        this.onRoom = onRoom;
        this.mostBytes = connection.datagramBytes();
    }

    /** How many bytes the next one may have; 0 if there is no room for one now: then that half waits. */
    int bytesFor(HalfOutput half) {
        if (room.isUnknown()) {
            learn();
        }
        if (room.isThere()) {
            return mostBytes;
        }
        waiting.add(half);
        awaitRead();
        return 0;
    }

    /** Writes one that {@link #bytesFor} has allowed. */
    void write(byte[] frames, int length) {
        ByteBuf datagram = connection.alloc().directBuffer(length);
        datagram.writeBytes(frames, 0, length);
        connection.writeDatagram(datagram);
        room.spend(length);
        unflushed = true;
        awaitRead();
    }

    /** Lets go what was written. What is said in streams from now on does not overtake it. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            connection.flushDatagrams();
        }
    }

    /** Whether some may wait in QUIC, where what streams say would overtake them; if so there is word when they have left. */
    boolean mayBeOvertaken() {
        if (!room.isNothingWaiting() && room.isUnknown()) {
            learn();
        }
        holdsControl = !room.isNothingWaiting();
        if (holdsControl) {
            awaitRead();
        }
        return holdsControl;
    }

    /** So many bytes were written to streams. */
    void onStreamBytes(int bytes) {
        room.spendOnStreams(bytes);
    }

    /** This half needs none any more. */
    void forget(HalfOutput half) {
        waiting.remove(half);
    }

    /** The halves that wait, which are asked again. */
    List<HalfOutput> takeWaiting() {
        List<HalfOutput> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    private void learn() {
        LaneOutput control = streams.control();
        if (control == null || !control.isFree()) {
            return; // QUIC takes nothing, or has room as soon as it has taken that
        }
        if (control.probe()) {
            room.learn(control.room());
        }
    }

    private void awaitRead() {
        if (!awaitsRead) {
            awaitsRead = true;
            connection.afterNextRead(this::onRead);
        }
    }

    private void onRead() {
        awaitsRead = false;
        room.onRead();
        if (holdsControl || !waiting.isEmpty()) {
            onRoom.run();
        }
    }
}
