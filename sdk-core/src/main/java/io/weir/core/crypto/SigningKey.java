package io.weir.core.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.JsonKeysetReader;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.signature.Ed25519Parameters;
import com.google.crypto.tink.signature.Ed25519PrivateKey;
import com.google.crypto.tink.signature.Ed25519PublicKey;
import com.google.crypto.tink.signature.SignatureConfig2026;
import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import io.weir.core.crypto.KeysetException.Fault;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 private key as a Tink keyset with exactly one enabled key of output prefix RAW (Tink's NO_PREFIX).
 *
 * <p>The text form is Tink's JSON keyset, in the clear or encrypted by a key encryption key (KEK) without associated
 * data, so that Tink's own command-line tool reads and writes it too. Other keys in the keyset may be present as long as
 * they are disabled. Immutable; usable from any thread.
 */
public final class SigningKey {
    private static final byte[] NO_AD = new byte[0];
    private static final int SEED_LENGTH = 32;

    /** As Tink writes it: {@code AesGcmKey}, {@code Ed25519PublicKey}. */
    private static final Pattern KIND = Pattern.compile("\\bgoogle\\.crypto\\.tink\\.[A-Z][A-Za-z0-9]{1,40}Key\\b");

    /** PKCS #8 (RFC 8410 section 7): version 0, Ed25519, the seed in an octet string of its own. */
    private static final byte[] PKCS8_HEAD = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final KeysetHandle keyset;
    private final Ed25519PrivateKey key;
    private final byte[] publicKey;
    private final PublicKeySign signer;

    @AccessesPartialKey
    private SigningKey(KeysetHandle keyset, Ed25519PrivateKey key) throws GeneralSecurityException {
        this.keyset = keyset;
        this.key = key;
        this.publicKey = key.getPublicKey().getPublicKeyBytes().toByteArray();
        this.signer = Ed25519Sign.create(key);
    }

    /** A fresh key from Tink's own random source. */
    public static SigningKey generate() {
        return generate(SigningKey::tinkRandom);
    }

    /** A fresh key whose seed and key id are drawn from {@code random}: the same bytes make the same key. */
    public static SigningKey generate(RandomBytes random) {
        byte[] seed = new byte[SEED_LENGTH];
        byte[] id = new byte[Integer.BYTES];
        random.nextBytes(seed);
        random.nextBytes(id);
        try {
            Ed25519PrivateKey key = privateKey(seed);
            KeysetHandle keyset = KeysetHandle.newBuilder()
                    .setConfiguration(configuration())
                    .addEntry(KeysetHandle.importKey(key).withFixedId(keyId(id)).makePrimary())
                    .build();
            return new SigningKey(keyset, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink could not make an Ed25519 key", e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /**
     * Reads a JSON keyset.
     *
     * @param kek what the keyset is encrypted with, or null for one in the clear
     */
    public static SigningKey parse(String json, @Nullable Aead kek) throws KeysetException {
        if (JsonEnd.leavesSomething(json)) {
            throw new KeysetException(Fault.NOT_A_KEYSET, "something follows the keyset: a file holds exactly one");
        }
        boolean encrypted = json.contains("\"encryptedKeyset\"");
        if (encrypted && kek == null) {
            throw new KeysetException(Fault.ENCRYPTED, "the keyset is encrypted and no key encryption key was given");
        }
        if (!encrypted && kek != null && readable(json)) {
            throw new KeysetException(
                    Fault.NOT_ENCRYPTED, "a key encryption key was given, but the keyset is in the clear");
        }
        return select(encrypted && kek != null ? decrypt(json, kek) : read(json));
    }

    /** The JSON keyset in the clear; whoever can read it has the key. */
    public String toJson() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, configuration(), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink could not write its own keyset", e);
        }
    }

    /**
     * The JSON keyset encrypted by {@code kek}.
     *
     * @throws KeysetException if the KEK fails, for example because a remote key service refuses
     */
    public String toJson(Aead kek) throws KeysetException {
        try {
            return TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, kek, NO_AD, configuration());
        } catch (GeneralSecurityException e) {
            throw new KeysetException(Fault.WRONG_KEK, "the key encryption key could not encrypt the keyset", e);
        }
    }

    /** A copy of the 32-byte public key. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The 64-byte signature of {@code message}; deterministic (RFC 8032). */
    public byte[] sign(byte[] message) {
        try {
            return signer.sign(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink could not sign", e);
        }
    }

    /** The private key in the clear, as PKCS #8; whoever has it has the key. */
    @AccessesPartialKey
    public byte[] privateKey() {
        byte[] seed = key.getPrivateKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
        byte[] pkcs8 = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + SEED_LENGTH);
        System.arraycopy(seed, 0, pkcs8, PKCS8_HEAD.length, SEED_LENGTH);
        Arrays.fill(seed, (byte) 0);
        return pkcs8;
    }

    @Override
    public String toString() {
        return "SigningKey[Ed25519]";
    }

    private static void tinkRandom(byte[] out) {
        byte[] bytes = com.google.crypto.tink.subtle.Random.randBytes(out.length);
        System.arraycopy(bytes, 0, out, 0, out.length);
        Arrays.fill(bytes, (byte) 0);
    }

    private static Configuration configuration() {
        return SignatureConfig2026.get();
    }

    @AccessesPartialKey
    private static Ed25519PrivateKey privateKey(byte[] seed) throws GeneralSecurityException {
        Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(seed);
        return Ed25519PrivateKey.create(
                Ed25519PublicKey.create(Bytes.copyFrom(pair.getPublicKey())),
                SecretBytes.copyFrom(seed, InsecureSecretKeyAccess.get()));
    }

    private static int keyId(byte[] bytes) {
        int id = 0;
        for (byte b : bytes) {
            id = id << 8 | (b & 0xff);
        }
        return id == 0 ? 1 : id; // Tink reserves 0
    }

    private static boolean readable(String json) {
        try {
            return JsonKeysetReader.withString(json).read().getKeyCount() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static KeysetHandle read(String json) throws KeysetException {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(json, configuration(), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw readable(json)
                    ? otherKind(e)
                    : new KeysetException(Fault.NOT_A_KEYSET, "this is not a Tink keyset in JSON form");
        }
    }

    /**
     * Names the kind where Tink does, and nothing else: Tink's own words, here or as a cause, quote whatever a damaged file
     * has in the place of the kind, which may be the key.
     */
    private static KeysetException otherKind(GeneralSecurityException e) {
        Matcher kind = KIND.matcher(String.valueOf(e.getMessage()));
        return new KeysetException(
                Fault.OTHER_KIND, "the keyset holds another kind of key" + (kind.find() ? ": " + kind.group() : ""));
    }

    private static KeysetHandle decrypt(String json, Aead kek) throws KeysetException {
        OpeningKek opening = new OpeningKek(kek);
        try {
            return TinkJsonProtoKeysetFormat.parseEncryptedKeyset(json, opening, NO_AD, configuration());
        } catch (GeneralSecurityException e) {
            if (opening.opened) {
                throw otherKind(e);
            }
            throw opening.asked
                    ? new KeysetException(Fault.WRONG_KEK, "the key encryption key does not open the keyset", e)
                    : new KeysetException(Fault.NOT_A_KEYSET, "this is not an encrypted Tink keyset in JSON form");
        }
    }

    private static SigningKey select(KeysetHandle keyset) throws KeysetException {
        Key enabled = null;
        for (int i = 0; i < keyset.size(); i++) {
            KeysetHandle.Entry entry = keyset.getAt(i);
            if (entry.getStatus() == KeyStatus.ENABLED) {
                if (enabled != null) {
                    throw new KeysetException(
                            Fault.SEVERAL_KEYS, "the keyset has several enabled keys; disable all but one");
                }
                enabled = entry.getKey();
            }
        }
        if (!(enabled instanceof Ed25519PrivateKey key)) {
            throw new KeysetException(Fault.OTHER_KIND, "the keyset's enabled key is not an Ed25519 private key");
        }
        if (key.getParameters().getVariant() != Ed25519Parameters.Variant.NO_PREFIX) {
            throw new KeysetException(
                    Fault.OTHER_KIND,
                    "the Ed25519 key has output prefix " + key.getParameters().getVariant()
                            + ", must be NO_PREFIX (RAW)");
        }
        try {
            return new SigningKey(keyset, key);
        } catch (GeneralSecurityException e) {
            throw new KeysetException(Fault.OTHER_KIND, "Tink cannot sign with the keyset's key", e);
        }
    }

    /** Tells a KEK that does not open the keyset from a keyset that is not one. */
    private static final class OpeningKek implements Aead {
        private final Aead kek;
        private boolean asked;
        private boolean opened;

        OpeningKek(Aead kek) {
            this.kek = kek;
        }

        @Override
        public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            return kek.encrypt(plaintext, associatedData);
        }

        @Override
        public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
            asked = true;
            byte[] plaintext = kek.decrypt(ciphertext, associatedData);
            opened = true;
            return plaintext;
        }
    }
}
