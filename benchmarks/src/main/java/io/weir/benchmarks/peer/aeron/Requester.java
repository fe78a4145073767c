package io.weir.benchmarks.peer.aeron;

import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.Requests;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;
import org.agrona.collections.IntArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps requests in flight: each reply lets the next request of its slot go. Replies come in the order of the requests, so
 * nothing but that order says which is whose. Application thread.
 */
final class Requester implements AeronNode.Duty {
    private static final int MOST_IN_TURN = 256;

    private final Subscription answers;
    private final Publication requests;
    private final Replies replies;
    private final FragmentHandler handler = this::onReply;
    private final UnsafeBuffer[] payloads;
    private final long[] startedNanos;
    private final IntArrayQueue due = new IntArrayQueue(-1);
    private final IntArrayQueue underWay = new IntArrayQueue(-1);

    /** Slots that the gate has let go; any thread. */
    private final Queue<Integer> letGo = new ConcurrentLinkedQueue<>();

    Requester(Subscription answers, Publication requests, RequestWorkload workload, Replies replies) {
        this.answers = answers;
        this.requests = requests;
        this.replies = replies;
        payloads = new UnsafeBuffer[workload.inFlight()];
        Arrays.setAll(payloads, slot -> new UnsafeBuffer(Requests.payload(slot, workload.payloadBytes())));
        startedNanos = new long[workload.inFlight()];
        for (int slot = 0; slot < payloads.length; slot++) {
            park(slot);
        }
    }

    @Override
    public int work() {
        int work = answers.poll(handler, MOST_IN_TURN);
        for (Integer slot = letGo.poll(); slot != null; slot = letGo.poll()) {
            startedNanos[slot] = System.nanoTime();
            due.addInt(slot);
        }
        while (!due.isEmpty() && requests.offer(payloads[due.peekInt()]) >= 0) {
            underWay.addInt(due.pollInt());
            work++;
        }
        return work;
    }

    private void onReply(DirectBuffer reply, int offset, int length, Header header) {
        int slot = underWay.pollInt();
        startedNanos[slot] = replies.recorder()
                .record(
                        startedNanos[slot],
                        slot,
                        length,
                        reply.getByte(offset),
                        reply.getInt(offset + Requests.SLOT_OFFSET, ByteOrder.BIG_ENDIAN),
                        reply.getByte(offset + length - 1));
        if (replies.gate().isOpen()) {
            due.addInt(slot);
        } else {
            park(slot);
        }
    }

    private void park(int slot) {
        replies.gate().whenOpen(() -> letGo.add(slot));
    }
}
