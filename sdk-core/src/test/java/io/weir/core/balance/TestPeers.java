package io.weir.core.balance;

import io.weir.core.identity.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Candidates whose load the test sets. */
final class TestPeers implements PeerSelector.Candidates {

    private final List<PeerId> peers;
    private final int[] outstanding;

    private TestPeers(List<PeerId> peers) {
        this.peers = peers;
        outstanding = new int[peers.size()];
    }

    /** That many, the same for each seed. */
    static TestPeers of(int count, long seed) {
        Random random = new Random(seed);
        List<PeerId> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[PeerId.LENGTH];
            random.nextBytes(key);
            key[PeerId.LENGTH - 1] &= 0x3f; // canonical
            peers.add(PeerId.of(key));
        }
        return new TestPeers(peers);
    }

    /** The same but one. */
    TestPeers without(int index) {
        List<PeerId> left = new ArrayList<>(peers);
        left.remove(index);
        return new TestPeers(left);
    }

    TestPeers load(int index, int calls) {
        outstanding[index] = calls;
        return this;
    }

    @Override
    public int size() {
        return peers.size();
    }

    @Override
    public PeerId peer(int index) {
        return peers.get(index);
    }

    @Override
    public int outstanding(int index) {
        return outstanding[index];
    }
}
