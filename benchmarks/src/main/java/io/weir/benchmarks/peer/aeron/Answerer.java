package io.weir.benchmarks.peer.aeron;

import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;

/** Sends each request back, and reads on only when its answer was taken. Requests fit one fragment. Application thread. */
final class Answerer implements AeronNode.Duty {
    private static final int MOST_IN_TURN = 256;

    private final Subscription requests;
    private final Publication answers;

    Answerer(Subscription requests, Publication answers) {
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public int work() {
        return requests.controlledPoll(this::answer, MOST_IN_TURN);
    }

    private Action answer(DirectBuffer buffer, int offset, int length, Header header) {
        return answers.offer(buffer, offset, length) < 0 ? Action.ABORT : Action.CONTINUE;
    }
}
