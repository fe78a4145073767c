package io.weir.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Registry;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.config.TinkConfig2026;
import com.google.crypto.tink.signature.Ed25519Parameters;
import io.weir.core.crypto.Ed25519;
import io.weir.core.identity.IdentityException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
    private static final Ed25519Parameters RAW = Ed25519Parameters.create(Ed25519Parameters.Variant.NO_PREFIX);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void savedIdentityLoadsAgain() {
        Identity identity = Identity.generate();
        Path file = directory.resolve("node.json");

        identity.save(file);
        Identity loaded = Identity.load(file);

        byte[] message = {1, 2, 3};
        assertThat(loaded.peerId()).isEqualTo(identity.peerId());
        assertThat(loaded.sign(message)).isEqualTo(identity.sign(message)).hasSize(64);
        assertThat(Ed25519.verify(loaded.peerId().bytes(), message, loaded.sign(message)))
                .isTrue();
    }

    @Test
    @SuppressWarnings("deprecation") // what is to be looked into is what Tink gives up
    void nothingIsRegisteredForTheWholeProcess() {
        Path file = directory.resolve("node.json");
        Identity.generate().save(file);
        Identity.load(file).sign(new byte[1]);

        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(
                        () -> Registry.getUntypedKeyManager("type.googleapis.com/google.crypto.tink.Ed25519PrivateKey"))
                .withMessageContaining("No key manager found");
    }

    @Test
    void encryptedIdentityLoadsWithItsKeyOnly() throws Exception {
        Identity identity = Identity.generate();
        Path file = directory.resolve("node.json");
        Aead kek = kek();

        identity.save(file, kek);

        assertThat(Identity.load(file, kek).peerId()).isEqualTo(identity.peerId());
        assertProblem(Problem.ENCRYPTED, file, () -> Identity.load(file));
        Aead other = kek();
        assertProblem(Problem.WRONG_KEK, file, () -> Identity.load(file, other));
    }

    @Test
    void clearIdentityIsRefusedWhereAnEncryptedOneIsWanted() throws Exception {
        Path file = directory.resolve("node.json");
        Identity.generate().save(file);
        Aead kek = kek();

        assertProblem(Problem.NOT_ENCRYPTED, file, () -> Identity.load(file, kek));
    }

    @Test
    void failingKeyServiceIsReported() {
        Path file = directory.resolve("node.json");
        Aead broken = new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                throw new GeneralSecurityException("service is down");
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
                throw new GeneralSecurityException("service is down");
            }
        };

        assertProblem(Problem.WRONG_KEK, file, () -> Identity.generate().save(file, broken));
        assertThat(file).doesNotExist();
    }

    @Test
    void fileIsForItsOwnerOnly() throws IOException {
        Assumptions.assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Path file = directory.resolve("node.json");

        Identity.generate().save(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Identity.generate().replace(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-rw-", "rw-r--r--", "rw----r--", "rw-----w-", "rw--w----", "rw-rw----", "rwx-----x"})
    void fileThatOthersMayReadOrWriteIsRefused(String permissions) throws Exception {
        Assumptions.assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("unix"));
        Path file = directory.resolve("node.json");
        Path encrypted = directory.resolve("encrypted.json");
        Aead kek = kek();
        Identity.generate().save(file);
        Identity.generate().save(encrypted, kek);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        Files.setPosixFilePermissions(encrypted, PosixFilePermissions.fromString(permissions));

        assertProblem(Problem.EXPOSED, file, () -> Identity.load(file));
        assertProblem(Problem.EXPOSED, encrypted, () -> Identity.load(encrypted, kek));
        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(() -> Identity.load(file))
                .withMessageMatching(".*mode is 0[0-7]{3}, must be 0600 or 0400.*");
    }

    /** The group may read what belongs to root, as a mounted secret does: these tests may run as root or not. */
    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "r--r-----"})
    void groupReadsWhatBelongsToRootOnly(String permissions) throws Exception {
        Assumptions.assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("unix"));
        Path file = directory.resolve("node.json");
        Identity identity = Identity.generate();
        identity.save(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        if (Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"))) {
            assertThat(Identity.load(file).peerId()).isEqualTo(identity.peerId());
        } else {
            assertProblem(Problem.EXPOSED, file, () -> Identity.load(file));
        }
    }

    @Test
    void fileThatItsOwnerMayOnlyReadIsTaken() throws Exception {
        Assumptions.assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Path file = directory.resolve("node.json");
        Identity identity = Identity.generate();
        identity.save(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

        assertThat(Identity.load(file).peerId()).isEqualTo(identity.peerId());
    }

    /** Tink would take the first of two keysets and never tell of the second. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "x", "}", "SAME"})
    void fileWithMoreThanOneKeysetIsRefused(String rest) throws Exception {
        Path file = directory.resolve("node.json");
        Path encrypted = directory.resolve("encrypted.json");
        Aead kek = kek();
        Identity.generate().save(file);
        Identity.generate().save(encrypted, kek);
        for (Path each : new Path[] {file, encrypted}) {
            String whole = Files.readString(each);
            Files.writeString(each, whole + "\n" + (rest.equals("SAME") ? whole : rest));
        }

        assertProblem(Problem.NOT_A_KEYSET, file, () -> Identity.load(file));
        assertProblem(Problem.NOT_A_KEYSET, encrypted, () -> Identity.load(encrypted, kek));
    }

    @Test
    void whiteSpaceBehindTheKeysetIsNothing() throws Exception {
        Path file = directory.resolve("node.json");
        Identity identity = Identity.generate();
        identity.save(file);
        Files.writeString(file, "\n" + Files.readString(file) + " \r\n\t\n");

        assertThat(Identity.load(file).peerId()).isEqualTo(identity.peerId());
    }

    @Test
    void replacingThroughALinkReplacesTheKeyAndKeepsTheLink() throws Exception {
        Path file = Files.createDirectory(directory.resolve("elsewhere")).resolve("node.json");
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), Files.createSymbolicLink(directory.resolve("middle"), file));
        Identity.generate().save(file);
        Identity second = Identity.generate();

        second.replace(link);

        assertThat(Identity.load(file).peerId()).isEqualTo(second.peerId());
        assertThat(Identity.load(link).peerId()).isEqualTo(second.peerId());
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void replacingThroughALinkThatLeadsNowhereIsReported() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("none"));

        assertProblem(Problem.UNWRITABLE, link, () -> Identity.generate().replace(link));
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void savingOverwritesNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "keep me");

        assertProblem(Problem.EXISTS, file, () -> Identity.generate().save(file));

        assertThat(file).hasContent("keep me");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void replacingOverwritesAndLeavesNothingBehind() throws Exception {
        Path file = directory.resolve("node.json");
        Identity.generate().save(file);
        Identity second = Identity.generate();
        Aead kek = kek();

        second.replace(file);
        assertThat(Identity.load(file).peerId()).isEqualTo(second.peerId());
        second.replace(file, kek);
        assertThat(Identity.load(file, kek).peerId()).isEqualTo(second.peerId());

        assertThat(leftovers()).isEmpty();
    }

    @Test
    void missingDirectoryIsReported() {
        Path file = directory.resolve("no/such/node.json");

        assertProblem(Problem.UNWRITABLE, file, () -> Identity.generate().save(file));
    }

    @Test
    void missingFileAndDirectoryAreUnreadable() {
        Path missing = directory.resolve("missing");

        assertProblem(Problem.UNREADABLE, missing, () -> Identity.load(missing));
        assertProblem(Problem.UNREADABLE, directory, () -> Identity.load(directory));
    }

    @Test
    void emptyFileIsReported() throws IOException {
        Path file = Files.createFile(directory.resolve("empty"));

        assertProblem(Problem.EMPTY, file, () -> Identity.load(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "{}",
                "[]",
                "null",
                "{\"key\":[]}",
                "{\"encryptedKeyset\":\"AAAA\"",
                "-----BEGIN PRIVATE KEY-----",
                "{\"primaryKeyId\":1,\"key\":[{\"keyData\":{}}]}",
                "\u0000\u0001\uffff"
            })
    void whatIsNoKeysetIsReported(String content) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), content);
        Aead kek = kek();

        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(() -> Identity.load(file))
                .satisfies(e -> assertThat(e.problem()).isIn(Problem.NOT_A_KEYSET, Problem.ENCRYPTED))
                .withMessageContaining(file.toString());
        assertProblem(Problem.NOT_A_KEYSET, file, () -> Identity.load(file, kek));
    }

    @Test
    void endlessFileIsNoKeyset() throws IOException {
        Path file = Files.write(directory.resolve("big"), new byte[IdentityFile.MAX_BYTES + 1]);

        assertProblem(Problem.NOT_A_KEYSET, file, () -> Identity.load(file));
    }

    @Test
    void damagedFileIsReportedAtEveryLength() throws IOException {
        Path file = directory.resolve("node.json");
        Identity.generate().save(file);
        String whole = Files.readString(file).strip();

        for (int length = 1; length < whole.length(); length += 7) {
            Path cut = Files.writeString(directory.resolve("cut"), whole.substring(0, length));
            assertProblem(Problem.NOT_A_KEYSET, cut, () -> Identity.load(cut));
        }
    }

    @Test
    void otherKindsOfKeyAreReported() throws Exception {
        KeysetHandle aead = KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        Path file = write(aead);
        assertProblem(Problem.OTHER_KIND, file, () -> Identity.load(file));
        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(() -> Identity.load(file))
                .withMessageEndingWith("another kind of key: google.crypto.tink.AesGcmKey");

        Path publicOnly = Files.writeString(
                directory.resolve("public"),
                TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(
                        keyset(RAW).getPublicKeysetHandle(), TinkConfig2026.get()));
        assertProblem(Problem.OTHER_KIND, publicOnly, () -> Identity.load(publicOnly));
    }

    /** What a damaged file has in the place of the kind may be the key itself, and messages end up in logs. */
    @Test
    void damagedFileIsReportedWithoutAWordOfIt() throws Exception {
        Path file = directory.resolve("node.json");
        Identity.generate().save(file);
        String json = Files.readString(file);
        String secret = json.replaceFirst("(?s).*\"value\" *: *\"([^\"]*)\".*", "$1");
        Files.writeString(file, json.replaceFirst("\"typeUrl\" *: *\"[^\"]*\"", "\"typeUrl\":\"" + secret + "é\""));

        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(() -> Identity.load(file))
                .satisfies(e -> {
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(t.getMessage()).doesNotContain(secret.substring(0, 12));
                    }
                });
    }

    @Test
    void encryptedKeyOfAnotherKindIsReported() throws Exception {
        KeysetHandle aead = KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        Aead kek = kek();
        Path file = Files.writeString(
                directory.resolve("file"),
                TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(aead, kek, new byte[0], TinkConfig2026.get()));

        assertProblem(Problem.OTHER_KIND, file, () -> Identity.load(file, kek));
    }

    @Test
    void prefixedSigningKeyIsReported() throws Exception {
        Path file = write(keyset(Ed25519Parameters.create(Ed25519Parameters.Variant.TINK)));

        assertProblem(Problem.OTHER_KIND, file, () -> Identity.load(file));
    }

    @Test
    void severalEnabledKeysAreReportedAndDisabledOnesIgnored() throws Exception {
        Path several = write(two(KeyStatus.ENABLED));
        assertProblem(Problem.SEVERAL_KEYS, several, () -> Identity.load(several));

        Files.delete(several);
        Path rotated = write(two(KeyStatus.DISABLED));
        assertThat(Identity.load(rotated).peerId()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemHasANameInTheException(Problem problem) {
        IdentityException e = new IdentityException(problem, directory, "text");

        assertThat(e.problem()).isEqualTo(problem);
        assertThat(e.path()).isEqualTo(directory);
        assertThat(e).hasMessage("identity file " + directory + ": text");
    }

    @Test
    void sameRandomBytesMakeTheSameIdentity() {
        Identity one = Identity.generate(new Random(5)::nextBytes);
        Identity two = Identity.generate(new Random(5)::nextBytes);

        assertThat(one.peerId()).isEqualTo(two.peerId());
        assertThat(Identity.generate().peerId())
                .isNotEqualTo(Identity.generate().peerId());
    }

    @Test
    void printsItsPublicNameOnly() {
        Identity identity = Identity.generate();

        assertThat(identity).hasToString("Identity[" + identity.peerId() + "]");
    }

    @Test
    void networkKeyHides() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        NetworkKey key = NetworkKey.of(secret);
        secret[0] = 0;

        assertThat(key).hasToString("NetworkKey[]").isNotEqualTo(NetworkKey.of(secret));
        assertThat(NetworkKey.of(key.bytes())).isEqualTo(key).hasSameHashCodeAs(key);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkKey.of(new byte[16]))
                .withMessage("network key has 16 bytes, must have 32");
    }

    private static void assertProblem(Problem problem, Path file, Runnable action) {
        assertThatExceptionOfType(IdentityException.class)
                .isThrownBy(action::run)
                .withMessageContaining(file.toString())
                .satisfies(e -> {
                    assertThat(e.problem()).isEqualTo(problem);
                    assertThat(e.path()).isEqualTo(file);
                });
    }

    private Stream<Path> leftovers() throws IOException {
        return Files.list(directory)
                .filter(path -> path.getFileName().toString().endsWith(".tmp"));
    }

    private Path write(KeysetHandle keyset) throws Exception {
        Path file = Files.writeString(
                directory.resolve("keyset"),
                TinkJsonProtoKeysetFormat.serializeKeyset(keyset, TinkConfig2026.get(), InsecureSecretKeyAccess.get()));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file;
    }

    private static KeysetHandle keyset(Ed25519Parameters parameters) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .setConfiguration(TinkConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(parameters)
                        .withRandomId()
                        .makePrimary())
                .build();
    }

    private static KeysetHandle two(KeyStatus second) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .setConfiguration(TinkConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(RAW)
                        .withFixedId(1)
                        .makePrimary())
                .addEntry(KeysetHandle.generateEntryFromParameters(RAW)
                        .withFixedId(2)
                        .setStatus(second))
                .build();
    }

    private static Aead kek() throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build()
                .getPrimitive(AeadConfig2026.get(), Aead.class);
    }
}
