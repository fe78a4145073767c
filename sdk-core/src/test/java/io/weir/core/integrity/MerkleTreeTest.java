package io.weir.core.integrity;

import static io.weir.core.integrity.NaiveTree.REFERENCE_LEAVES;
import static io.weir.core.integrity.NaiveTree.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTreeTest {

    /** Of Certificate Transparency's reference implementation: the root of its first 0 to 8 leaves. */
    private static final List<String> REFERENCE_ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void hasTheRootsOfTheReference() {
        MerkleTree tree = new MerkleTree(8);
        List<String> roots = new ArrayList<>();
        roots.add(hex(tree.root()));
        for (byte[] leaf : REFERENCE_LEAVES) {
            tree.append(leaf);
            roots.add(hex(tree.root()));
        }

        assertThat(roots).isEqualTo(REFERENCE_ROOTS);
    }

    @Test
    void tellsTheRootsThatItHasHad() {
        MerkleTree tree = NaiveTree.of(REFERENCE_LEAVES);

        assertThat(IntStream.rangeClosed(0, 8).mapToObj(size -> hex(tree.root(size))))
                .isEqualTo(REFERENCE_ROOTS);
    }

    @Test
    void hasThePathsOfTheReference() {
        MerkleTree tree = NaiveTree.of(REFERENCE_LEAVES);

        assertThat(hexes(tree.inclusion(0, 1).path())).isEmpty();
        assertThat(hexes(tree.inclusion(0, 8).path()))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(hexes(tree.inclusion(5, 8).path()))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(hexes(tree.inclusion(2, 3).path()))
                .containsExactly("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
        assertThat(hexes(tree.inclusion(1, 5).path()))
                .containsExactly(
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Test
    void hasTheConsistencyProofsOfTheReference() {
        MerkleTree tree = NaiveTree.of(REFERENCE_LEAVES);

        assertThat(hexes(tree.consistency(1, 1).path())).isEmpty();
        assertThat(hexes(tree.consistency(1, 8).path()))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(hexes(tree.consistency(6, 8).path()))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(hexes(tree.consistency(2, 5).path()))
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithTheDefinition(long seed) {
        Random random = new Random(seed);
        List<byte[]> entries = entries(random, 1 + random.nextInt(300));
        MerkleTree tree = NaiveTree.of(entries);
        for (int i = 0; i < 200; i++) {
            int leaves = 1 + random.nextInt(entries.size());
            int first = 1 + random.nextInt(leaves);
            int index = random.nextInt(leaves);
            List<byte[]> begun = entries.subList(0, leaves);

            assertThat(tree.root(leaves)).as("seed %d, %d leaves", seed, leaves).isEqualTo(NaiveTree.root(begun));
            assertThat(tree.inclusion(index, leaves).path())
                    .as("seed %d, leaf %d of %d", seed, index, leaves)
                    .isEqualTo(NaiveTree.path(index, begun));
            assertThat(tree.consistency(first, leaves).path())
                    .as("seed %d, %d to %d", seed, first, leaves)
                    .isEqualTo(NaiveTree.subproof(first, begun, true));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 64, 100})
    void takesAsManyAsItIsMadeForAndNoMore(int most) {
        MerkleTree tree = new MerkleTree(most);
        for (int i = 0; i < most; i++) {
            assertThat(tree.isFull()).isFalse();
            assertThat(tree.append(new byte[] {(byte) i})).isEqualTo(i);
        }
        Bytes root = tree.root();

        assertThat(tree.isFull()).isTrue();
        assertThatThrownBy(() -> tree.append(new byte[0]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has " + most + " leaves");
        assertThat(tree.size()).isEqualTo(most);
        assertThat(tree.root()).isEqualTo(root);
    }

    @Test
    void refusesWhatItNeverWas() {
        MerkleTree tree = NaiveTree.of(REFERENCE_LEAVES);

        assertThatThrownBy(() -> new MerkleTree(0)).hasMessage("maxLeaves is 0; legal: 1 to 33554432");
        assertThatThrownBy(() -> new MerkleTree(MerkleTree.MOST_LEAVES + 1)).hasMessageContaining("maxLeaves");
        assertThatThrownBy(() -> tree.root(9)).hasMessage("leaves is 9; legal: 0 to 8");
        assertThatThrownBy(() -> tree.inclusion(3, 3)).hasMessage("index is 3; legal: 0 to 2");
        assertThatThrownBy(() -> tree.inclusion(0, 0)).hasMessage("leaves is 0; legal: 1 to 8");
        assertThatThrownBy(() -> tree.consistency(0, 8)).hasMessage("first is 0; legal: 1 to 8");
        assertThatThrownBy(() -> tree.consistency(5, 4)).hasMessage("first is 5; legal: 1 to 4");
        assertThatThrownBy(() -> tree.consistency(1, 9)).hasMessage("second is 9; legal: 1 to 8");
    }

    @Test
    void takesNoLeafForANode() {
        MerkleTree tree = NaiveTree.of(REFERENCE_LEAVES.subList(0, 2));
        byte[] forged = new byte[64]; // the two hashes that make the root, as an entry
        tree.inclusion(1, 2).path().get(0).copyTo(forged, 0);
        tree.inclusion(0, 2).path().get(0).copyTo(forged, 32);

        assertThat(NaiveTree.of(List.of(forged)).root()).isNotEqualTo(tree.root());
    }

    static List<byte[]> entries(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] entry = new byte[random.nextInt(40)];
                    random.nextBytes(entry);
                    return entry;
                })
                .toList();
    }

    private static List<String> hexes(List<Bytes> path) {
        return path.stream().map(NaiveTree::hex).toList();
    }
}
