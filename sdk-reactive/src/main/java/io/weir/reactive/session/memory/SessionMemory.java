package io.weir.reactive.session.memory;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.credit.MemoryPool;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeObserver.MemoryOf;
import io.weir.reactive.session.loop.SessionContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session may hold, of the node's memory: of what its peer sends, a {@link MemoryBudget}, and of what it has accepted
 * and the peer does not read, a {@link SendMemory}. Whoever finds no room waits in the node's line, and tries again when told.
 * Loop-confined but for {@link #unsent}.
 */
public final class SessionMemory {

    private final NodeMemory node;
    private final @Nullable ObservedMemory observed;
    private final MemoryBudget received;
    private final MemoryWait receivedWait;
    private final SendMemory unsent;
    private final MemoryWait unsentWait;
    private final List<Runnable> retriesToReceive = new ArrayList<>();
    private final List<Runnable> retriesToSend = new ArrayList<>();

    /**
     * @param memory the node's share of what peers may make it hold
     * @param sendMemory the node's share of what it may hold for peers that do not read
     */
    public SessionMemory(SessionContext session, NodeMemory memory, NodeMemory sendMemory) {
        NodeLimits limits = session.limits();
        node = memory;
        NodeObserver observer = session.observer();
        observed = observer == null ? null : new ObservedMemory(memory, session, observer);
        received = budget(limits, observed == null ? memory : observed);
        receivedWait =
                new MemoryWait(memory, session, MemoryOf.RECEIVED, () -> retriesToReceive.forEach(Runnable::run));
        unsent = new SendMemory(sendMemory, limits.sessionSendBudgetBytes());
        unsentWait = new MemoryWait(sendMemory, session, MemoryOf.UNSENT, () -> retriesToSend.forEach(Runnable::run));
    }

    /** Windows that have grown may take half of the session's budget, and no more than a quarter of the node's. */
    private static MemoryBudget budget(NodeLimits limits, MemoryPool memory) {
        long session = limits.sessionBudgetBytes();
        long growth = Math.min(session / 2, limits.nodeBudgetBytes() / 4);
        return new MemoryBudget(session, growth, memory);
    }

    /** Of what the peer may make this side hold. */
    public MemoryBudget received() {
        return received;
    }

    /** Bytes that no session of the node has reserved for what peers send. */
    public long freeOfNode() {
        return node.available();
    }

    /**
     * The session ends, and what goes on behind it holds so much of what its peer has sent: the node's, room or not, until it is
     * {@link #releaseLeftBehind released}.
     */
    public void leaveBehind(long bytes) {
        node.reserve(bytes);
        tellPromised(bytes);
    }

    /** Gives back what was left behind. */
    public void releaseLeftBehind(long bytes) {
        node.release(bytes);
        tellPromised(-bytes);
    }

    private void tellPromised(long bytes) {
        if (observed != null) {
            observed.tell(bytes);
        }
    }

    /** What this side has accepted and not yet written. */
    public SendMemory unsent() {
        return unsent;
    }

    /**
     * Runs this when memory for what the peer sends may have become free, after {@link #awaitToReceive}: tries again what has
     * failed, before it returns, and waits again, from inside, if it still fails.
     */
    public void onFreedToReceive(Runnable retry) {
        retriesToReceive.add(retry);
    }

    /** The same of what is to be sent, after {@link #awaitToSend}. */
    public void onFreedToSend(Runnable retry) {
        retriesToSend.add(retry);
    }

    /** Something of this session waits for memory to receive. */
    public void awaitToReceive() {
        receivedWait.begin();
    }

    /** Something of this session waits for memory to send. */
    public void awaitToSend() {
        unsentWait.begin();
    }

    /** The session has ended: it stands in nobody's way. */
    public void end() {
        receivedWait.end();
        unsentWait.end();
    }
}
