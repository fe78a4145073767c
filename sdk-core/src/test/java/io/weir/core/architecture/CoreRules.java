package io.weir.core.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Selector;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/**
 * What the core may touch. Each exception to a rule stands here by name with its reason; there are no others.
 */
final class CoreRules {
    private static final String CORE = "io.weir.core..";
    private static final String CRYPTO = "io.weir.core.crypto..";

    /** Value types of the platform without behaviour that a pure core may not have. */
    private static final DescribedPredicate<JavaClass> PLATFORM_VALUES = describe(
            "platform types without threads, clocks, locks, loggers or sockets",
            type -> resideInAnyPackage("java.lang..", "java.util..", "java.nio..")
                            .test(type)
                    && !resideInAnyPackage("java.util.concurrent..", "java.util.logging..")
                            .test(type)
                    && !assignableTo(Thread.class).test(type)
                    && !assignableTo(ThreadLocal.class).test(type)
                    && !assignableTo(Process.class).test(type)
                    && !equivalentTo(java.util.Timer.class).test(type)
                    && !assignableTo(Selector.class).test(type)
                    && !assignableTo(NetworkChannel.class).test(type));

    /** {@code java.nio.file} reports failure by these, and an identity is loaded from a file. */
    private static final DescribedPredicate<JavaClass> FILE_FAILURES =
            assignableTo(java.io.IOException.class).or(equivalentTo(java.io.UncheckedIOException.class));

    /** Bounds are written as {@code Duration}: a plain number with a unit, which reads no clock. */
    private static final DescribedPredicate<JavaClass> DURATION = equivalentTo(java.time.Duration.class);

    /** What records, enums, lambdas and switches compile to. */
    private static final DescribedPredicate<JavaClass> COMPILED_IN = equivalentTo(java.io.Serializable.class);

    /** Every Tink call declares it, so whoever uses Tink has to name it. */
    private static final DescribedPredicate<JavaClass> TINK_FAILURES = assignableTo(GeneralSecurityException.class);

    /** The id of a named stream is a SHA-256 of its name, and Tink has no bare hash. */
    private static final DescribedPredicate<JavaClass> STREAM_NAME_HASH =
            equivalentTo(MessageDigest.class).or(equivalentTo(NoSuchAlgorithmException.class));

    static final ArchRule DEPENDS_ON_LITTLE = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAPackage(CORE)
                    .or(PLATFORM_VALUES)
                    .or(FILE_FAILURES)
                    .or(DURATION)
                    .or(COMPILED_IN)
                    .or(resideInAnyPackage("java.security..", "javax.crypto.."))
                    .or(resideInAnyPackage("com.google.crypto.tink..", "org.jspecify.annotations.."))
                    .or(primitiveOrArrayOfIt()));

    static final ArchRule CRYPTOGRAPHY_HAS_ONE_HOME = noClasses()
            .that()
            .resideInAPackage(CORE)
            .and(not(resideInAPackage(CRYPTO)))
            .and(not(equivalentToName("io.weir.core.stream.StreamId")))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.security..", "javax.crypto..").and(not(TINK_FAILURES)));

    static final ArchRule STREAM_ID_HASHES_AND_NOTHING_MORE = noClasses()
            .that(equivalentToName("io.weir.core.stream.StreamId"))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.security..", "javax.crypto..").and(not(STREAM_NAME_HASH)));

    /** Tink's registry is the process's: what is registered there is there for all, and needs an order of starting. */
    static final ArchRule TINK_WORKS_BY_CONFIGURATION = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(describe("use of Tink's registry", access -> {
                AccessTarget target = access.getTarget();
                String owner = target.getOwner().getName();
                return owner.startsWith("com.google.crypto.tink.Registry")
                        || owner.startsWith("com.google.crypto.tink.")
                                && target.getName().equals("register");
            }));

    static final ArchRule TIME_AND_CHANCE_ARE_ARGUMENTS = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(callTo(System.class, "nanoTime", "currentTimeMillis")
                    .or(callTo(Math.class, "random"))
                    .or(callTo(java.util.UUID.class, "randomUUID"))
                    .or(callTo(java.util.Random.class, "<init>")));

    static final ArchRule READS_NO_SETTINGS_OF_THE_PROCESS = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .accessTargetWhere(callTo(System.class, "getProperty", "getProperties", "getenv")
                    .or(callTo(Integer.class, "getInteger"))
                    .or(callTo(Long.class, "getLong"))
                    .or(callTo(Boolean.class, "getBoolean")));

    static final ArchRule TAKES_NO_LOCKS = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(CORE)
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);

    static final ArchRule NOBODY_SLEEPS =
            noClasses().should().accessTargetWhere(callTo(Thread.class, "sleep").or(callTo(TimeUnit.class, "sleep")));

    private CoreRules() {}

    /** Packages under {@code root} depend on each other in one direction, the root package included. */
    static ArchRule packagesFormADag(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    private static DescribedPredicate<JavaClass> equivalentToName(String name) {
        return describe("is " + name, type -> type.getName().equals(name));
    }

    private static DescribedPredicate<JavaClass> primitiveOrArrayOfIt() {
        return describe(
                "a primitive or an array of one",
                type -> type.getBaseComponentType().isPrimitive());
    }

    private static DescribedPredicate<JavaAccess<?>> callTo(Class<?> owner, String... names) {
        return describe("call to " + owner.getSimpleName() + "." + String.join("/", names), access -> {
            AccessTarget target = access.getTarget();
            return target.getOwner().isEquivalentTo(owner)
                    && java.util.List.of(names).contains(target.getName());
        });
    }
}
