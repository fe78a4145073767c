/** What operators see: health and the endpoint {@code weir}. */
@NullMarked
package io.weir.spring.actuate;

import org.jspecify.annotations.NullMarked;
