package io.weir.spring.properties;

/** A property is not legal whose value must not be shown. */
public final class SecretPropertyException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String property;

    SecretPropertyException(String property, String legal) {
        super(legal);
        this.property = property;
    }

    /** Its name. */
    public String property() {
        return property;
    }
}
