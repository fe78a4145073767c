package io.weir.reactive.transport;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A memory network under the name of another transport, with its hosts and ports, and with faults: dials that are refused, and listeners
 * that end of themselves.
 */
public final class SchemeTransport extends ForwardingTransport {

    private final String scheme;
    private final Map<PeerAddress, Breakable> listening = new ConcurrentHashMap<>();
    private final List<PeerAddress> dialled = new ArrayList<>();
    private @Nullable ErrorCode refusal;
    private int failingBinds;

    public SchemeTransport(String scheme, MemoryNetwork network) {
        super(network.transport());
        this.scheme = scheme;
    }

    /** From now on each dial fails so; null, and none does. */
    public void refuse(@Nullable ErrorCode code) {
        refusal = code;
    }

    /** So many attempts to listen from now on fail. */
    public void failBinds(int count) {
        failingBinds = count;
    }

    /** Where somebody has dialled, in order. */
    public List<PeerAddress> dialled() {
        return dialled;
    }

    /** Ends the listener there, as a system does that closes its socket. */
    public void breakListener(PeerAddress address) {
        Breakable broken = listening.remove(address.expecting(null));
        if (broken == null) {
            throw new IllegalStateException("nobody listens at " + address);
        }
        broken.dispose();
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return Mono.defer(() -> {
            dialled.add(address);
            ErrorCode code = refusal;
            return code != null
                    ? Mono.error(new ConnectException(CloseReason.local(code, "refused by the test")))
                    : actual.connect(inMemory(address), timeout);
        });
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return Mono.defer(() -> {
            if (failingBinds > 0) {
                failingBinds--;
                return Mono.error(new ListenException(CloseReason.local(ErrorCode.BIND_FAILED, "taken")));
            }
            return actual.listen(inMemory(address), onLink).map(listener -> {
                Breakable breakable = new Breakable(listener, address);
                listening.put(address.expecting(null), breakable);
                return breakable;
            });
        });
    }

    private PeerAddress inMemory(PeerAddress address) {
        return PeerAddress.memory(scheme + "-" + address.host().replace('.', '-') + "-" + address.port());
    }

    private record Breakable(LinkListener actual, PeerAddress address) implements LinkListener {

        @Override
        public Mono<Void> close() {
            return actual.close();
        }

        @Override
        public Mono<Void> onClose() {
            return actual.onClose();
        }

        @Override
        public void dispose() {
            actual.dispose();
        }
    }
}
