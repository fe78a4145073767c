package io.weir.reactive.peers;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.WeirException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.DialStage;
import io.weir.reactive.PeerState;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One dial of a peer to one address, until its outcome or until nobody waits for that. Tells the peer on the loop. */
final class PeerDial implements Disposable {

    private final WantedPeers peers;
    private final KeptPeer peer;
    private final PeerAddress address;
    private final Disposable.Swap running = Disposables.swap();

    PeerDial(WantedPeers peers, KeptPeer peer, PeerAddress address) {
        this.peers = peers;
        this.peer = peer;
        this.address = address;
    }

    PeerAddress address() {
        return address;
    }

    void start() {
        running.update(peers.host()
                .connect(address, stage -> peers.run(() -> peer.onStage(this, state(stage))))
                .subscribe(
                        connected -> peers.run(() -> peer.onConnected(this, connected)),
                        e -> peers.run(() -> peer.onDialFailed(this, reasonOf(e)))));
    }

    private PeerState state(DialStage stage) {
        return switch (stage) {
            case RESOLVING -> new PeerState.Resolving(address);
            case CONNECTING -> new PeerState.Connecting(address);
            case HANDSHAKING -> new PeerState.Handshaking(address);
        };
    }

    /** What is not of Weir is a fault that trying again hardly mends. */
    private static CloseReason reasonOf(Throwable e) {
        if (e instanceof WeirException known) {
            return known.reason();
        }
        ErrorCode code = ErrorCode.INTERNAL;
        return new CloseReason(Origin.LOCAL, code.layer(), code.number(), false);
    }

    @Override
    public void dispose() {
        running.dispose();
    }
}
