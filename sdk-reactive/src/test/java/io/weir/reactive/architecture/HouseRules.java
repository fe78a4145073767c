package io.weir.reactive.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.NullMarked;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What every class of Weir keeps to. Each exception to a rule stands here by name with its reason; there are no others.
 */
public final class HouseRules {
    private static final String REACTIVE = "io.weir.reactive..";
    private static final String CRYPTO = "io.weir.core.crypto..";
    private static final String TRANSPORT = "io.weir.reactive.transport..";
    private static final String RELIABILITY = "io.weir.core.reliability..";

    private static final DescribedPredicate<JavaClass> LOSS_RECOVERY = resideInAnyPackage(RELIABILITY)
            .and(describe(
                    "loss recovery",
                    type -> List.of("LossRecovery", "SentPackets", "LossDetector")
                            .contains(outermost(type).getSimpleName())));

    private static final DescribedPredicate<JavaClass> LOSS_RECOVERY_HOST = describe(
            "the operator that hosts loss recovery",
            type -> outermost(type).getName().equals("io.weir.reactive.operator.FluxReliableSend"));

    /** A TLS library takes keys and certificates as the JDK's types, and does its cryptography by itself. */
    private static final DescribedPredicate<JavaClass> TLS_OF_QUIC = describe(
            "what gives QUIC its keys",
            type -> outermost(type).getName().equals("io.weir.reactive.transport.quic.QuicTls"));

    private static final Set<Class<?>> MUTABLE_HOLDERS = Set.of(
            AtomicBoolean.class,
            AtomicInteger.class,
            AtomicLong.class,
            AtomicReference.class,
            LongAdder.class,
            ThreadLocal.class);

    public static final ArchRule NAMED_FOR_WHAT_THEY_ARE = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Impl|Helper)(\\$.*)?")
            .because("a name says what a type is, not that it is the rest");

    public static final ArchRule NO_STATIC_MUTABLE_STATE =
            fields().that().areStatic().should(neverChange());

    public static final ArchRule READS_NO_SETTINGS_OF_THE_PROCESS = noClasses()
            .should()
            .accessTargetWhere(callTo(System.class, "getProperty", "getProperties", "getenv")
                    .or(callTo(Integer.class, "getInteger"))
                    .or(callTo(Long.class, "getLong"))
                    .or(callTo(Boolean.class, "getBoolean")))
            .because("settings are arguments");

    public static final ArchRule NOBODY_SLEEPS = noClasses()
            .should()
            .accessTargetWhere(callTo(Thread.class, "sleep").or(callTo(TimeUnit.class, "sleep")))
            .because("a test that sleeps is slow or flaky, and an event loop that sleeps is broken");

    public static final ArchRule CRYPTOGRAPHY_STAYS_IN_THE_CORE = noClasses()
            .that()
            .resideInAPackage(REACTIVE)
            .and(DescribedPredicate.not(TLS_OF_QUIC))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.security..", "javax.crypto..", "com.google.crypto.tink.."));

    public static final ArchRule BLOCKS_ONLY_WHERE_THE_NAME_SAYS_NOW = noClasses()
            .should()
            .accessTargetWhere(blockingCall().and(outsideOfMethodsNamedNow()))
            .because("only a ...Now(Duration) method may block");

    public static final ArchRule TAKES_NO_MONITORS = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(REACTIVE)
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);

    public static final ArchRule BUFFERS_STAY_IN_TRANSPORTS = noClasses()
            .that()
            .resideOutsideOfPackage(TRANSPORT)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.netty.buffer..")
                    .or(assignableTo(io.netty.util.ReferenceCounted.class))
                    .or(equivalentTo(io.netty.util.ReferenceCountUtil.class)))
            .because("above a transport there is nothing to release");

    /** Who recovers losses elsewhere has numbers, time-outs and doubts of his own: all go through the one operator. */
    public static final ArchRule ONE_OPERATOR_RECOVERS_LOSSES = noClasses()
            .that()
            .resideOutsideOfPackage(RELIABILITY)
            .and(DescribedPredicate.not(LOSS_RECOVERY_HOST))
            .should()
            .dependOnClassesThat(LOSS_RECOVERY);

    public static final ArchRule NOBODY_KNOWS_THE_ENTRY_POINT =
            noClasses().that().resideInAPackage(REACTIVE).should().dependOnClassesThat(resideInAnyPackage("io.weir"));

    /** Whoever forgets the package's annotation gets unchecked nulls. */
    public static final ArchRule PACKAGES_ARE_NULL_MARKED = classes().should(resideInNullMarkedPackage());

    private HouseRules() {}

    /** Packages under {@code root} depend on each other in one direction, the root package included. */
    public static ArchRule packagesFormADag(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /** {@code root} itself is what users program against: contracts and values, no machinery. */
    static ArchRule holdsOnlyContractsAndValues(String root) {
        return classes().that().resideInAPackage(root).should(beContractOrValue());
    }

    /** The public API does not see what stands behind it. */
    static ArchRule apiKnowsNoMachinery(String root) {
        return noClasses()
                .that()
                .resideInAPackage(root)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        root + ".session..", root + ".manager..", root + ".server..", root + ".transport.*.."));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseRules::outermost).orElse(type);
    }

    private static ArchCondition<JavaClass> beContractOrValue() {
        return new ArchCondition<>("be an interface, a record, an enum, an exception, an annotation or a value") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean allowed = type.isInterface()
                        || type.isRecord()
                        || type.isEnum()
                        || type.getEnclosingClass().filter(JavaClass::isEnum).isPresent()
                        || type.isAnnotation()
                        || type.isAssignableTo(Throwable.class)
                        || isValue(type);
                events.add(new SimpleConditionEvent(type, allowed, type.getName() + " is a class with behaviour"));
            }
        };
    }

    /** What a record would be, were it not for its number of components: final, fields and all, and equal by content. */
    private static boolean isValue(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.FINAL)
                && type.getFields().stream()
                        .allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL))
                && type.tryGetMethod("equals", Object.class).isPresent();
    }

    private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
        return new ArchCondition<>("reside in a @NullMarked package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage()
                        .tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                        .isPresent();
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is not @NullMarked"));
            }
        };
    }

    private static ArchCondition<JavaField> neverChange() {
        return new ArchCondition<>("be final and hold nothing made to change") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean holder = MUTABLE_HOLDERS.stream()
                        .anyMatch(type -> field.getRawType().isAssignableTo(type));
                boolean changes = holder || !field.getModifiers().contains(JavaModifier.FINAL);
                events.add(new SimpleConditionEvent(field, !changes, field.getFullName() + " can change"));
            }
        };
    }

    private static DescribedPredicate<JavaAccess<?>> blockingCall() {
        Map<Class<?>, List<String>> blocking = Map.of(
                Mono.class, List.of("block", "blockOptional"),
                Flux.class, List.of("blockFirst", "blockLast", "toIterable", "toStream"));
        return describe(
                "blocking call",
                access -> blocking.entrySet().stream()
                        .anyMatch(entry -> access.getTargetOwner().isAssignableTo(entry.getKey())
                                && entry.getValue().contains(access.getTarget().getName())));
    }

    private static DescribedPredicate<JavaAccess<?>> outsideOfMethodsNamedNow() {
        return describe(
                "outside of a method named ...Now",
                access -> !access.getOrigin().getName().endsWith("Now"));
    }

    private static DescribedPredicate<JavaAccess<?>> callTo(Class<?> owner, String... names) {
        return describe("call to " + owner.getSimpleName() + "." + String.join("/", names), access -> {
            AccessTarget target = access.getTarget();
            return target.getOwner().isEquivalentTo(owner) && List.of(names).contains(target.getName());
        });
    }
}
