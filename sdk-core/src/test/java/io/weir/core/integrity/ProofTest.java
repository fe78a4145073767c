package io.weir.core.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProofTest {

    private static final long SEED = 9_162;
    private static final int MOST = 33;

    private final Random random = new Random(SEED);
    private final List<byte[]> entries = MerkleTreeTest.entries(random, MOST);
    private final MerkleTree tree = NaiveTree.of(entries);

    @Test
    void everyProofOfATreeProves() {
        for (int leaves = 1; leaves <= MOST; leaves++) {
            for (int index = 0; index < leaves; index++) {
                assertThat(tree.inclusion(index, leaves).proves(leaf(index), tree.root(leaves)))
                        .as("leaf %d of %d", index, leaves)
                        .isTrue();
                assertThat(tree.consistency(index + 1, leaves).proves(tree.root(index + 1), tree.root(leaves)))
                        .as("%d to %d", index + 1, leaves)
                        .isTrue();
            }
        }
    }

    @Test
    void noBrokenInclusionProofProves() {
        for (int leaves = 1; leaves <= MOST; leaves++) {
            for (int index = 0; index < leaves; index++) {
                InclusionProof proof = tree.inclusion(index, leaves);
                Bytes root = tree.root(leaves);
                Bytes leaf = leaf(index);
                String which = "leaf " + index + " of " + leaves;

                assertThat(proof.proves(altered(leaf), root)).as(which).isFalse();
                assertThat(proof.proves(leaf, altered(root))).as(which).isFalse();
                assertThat(proof.proves(cut(leaf), root)).as(which).isFalse();
                assertThat(proof.proves(leaf, cut(root))).as(which).isFalse();
                assertThat(proof.proves(leaf((index + 1) % MOST), root))
                        .as(which)
                        .isFalse();
                broken(proof.path())
                        .forEach(path -> assertThat(
                                        new InclusionProof(proof.index(), proof.leaves(), path).proves(leaf, root))
                                .as(which)
                                .isFalse());
                for (long wrong : new long[] {-1, index - 1L, index + 1L, leaves, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    assertThat(new InclusionProof(wrong, leaves, proof.path()).proves(leaf, root))
                            .as("%s, at %d", which, wrong)
                            .isFalse();
                }
                for (long wrong : new long[] {0, -1, Long.MIN_VALUE, index, Long.MAX_VALUE}) {
                    assertThat(new InclusionProof(index, wrong, proof.path()).proves(leaf, root))
                            .as("%s, in %d", which, wrong)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void noBrokenConsistencyProofProves() {
        for (int second = 1; second <= MOST; second++) {
            for (int first = 1; first <= second; first++) {
                ConsistencyProof proof = tree.consistency(first, second);
                Bytes before = tree.root(first);
                Bytes after = tree.root(second);
                String which = first + " to " + second;

                assertThat(proof.proves(altered(before), after)).as(which).isFalse();
                assertThat(proof.proves(before, altered(after))).as(which).isFalse();
                assertThat(proof.proves(cut(before), after)).as(which).isFalse();
                assertThat(proof.proves(before, cut(after))).as(which).isFalse();
                if (first != second) {
                    assertThat(proof.proves(after, before)).as(which).isFalse();
                }
                broken(proof.path())
                        .forEach(path -> assertThat(
                                        new ConsistencyProof(proof.first(), proof.second(), path).proves(before, after))
                                .as(which)
                                .isFalse());
                for (long wrong : new long[] {0, -1, second + 1L, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    assertThat(new ConsistencyProof(wrong, second, proof.path()).proves(before, after))
                            .as("%s, from %d", which, wrong)
                            .isFalse();
                }
                for (long wrong : new long[] {0, -1, first - 1L, Long.MIN_VALUE}) {
                    assertThat(new ConsistencyProof(first, wrong, proof.path()).proves(before, after))
                            .as("%s, to %d", which, wrong)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void aTreeThatHasChangedIsNotConsistent() {
        List<byte[]> changed = new ArrayList<>(entries);
        changed.set(4, new byte[] {1, 2, 3});
        MerkleTree other = NaiveTree.of(changed);

        for (int first = 5; first <= MOST; first++) {
            assertThat(other.consistency(first, MOST).proves(tree.root(first), other.root()))
                    .isFalse();
        }
    }

    /** No hash is computed for a path that cannot be one. */
    @Test
    void refusesAPathThatNoTreeHas() {
        List<Bytes> endless = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            endless.add(leaf(0));
        }

        assertThat(new InclusionProof(0, Long.MAX_VALUE, endless).proves(leaf(0), tree.root()))
                .isFalse();
        assertThat(new ConsistencyProof(3, Long.MAX_VALUE, endless).proves(tree.root(3), tree.root()))
                .isFalse();
    }

    /** A hash altered, cut, left out, added in front, behind and in the middle; two exchanged; none left. */
    private Stream<List<Bytes>> broken(List<Bytes> path) {
        List<List<Bytes>> all = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            List<Bytes> changed = new ArrayList<>(path);
            changed.set(i, altered(path.get(i)));
            all.add(changed);
            List<Bytes> cut = new ArrayList<>(path);
            cut.set(i, cut(path.get(i)));
            all.add(cut);
            List<Bytes> shorter = new ArrayList<>(path);
            shorter.remove(i);
            all.add(shorter);
            List<Bytes> swapped = new ArrayList<>(path);
            swapped.add(swapped.remove(i));
            if (!swapped.equals(path)) {
                all.add(swapped);
            }
        }
        for (int i = 0; i <= path.size(); i++) {
            List<Bytes> longer = new ArrayList<>(path);
            longer.add(i, tree.root());
            all.add(longer);
        }
        return all.stream();
    }

    private Bytes leaf(int index) {
        return MerkleTree.leafHash(entries.get(index));
    }

    private Bytes altered(Bytes bytes) {
        byte[] copy = bytes.toByteArray();
        copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        return Bytes.copyOf(copy);
    }

    private static Bytes cut(Bytes bytes) {
        return Bytes.copyOf(bytes.toByteArray(), 0, bytes.length() - 1);
    }
}
