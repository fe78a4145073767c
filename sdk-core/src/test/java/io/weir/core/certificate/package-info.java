@NullMarked
package io.weir.core.certificate;

import org.jspecify.annotations.NullMarked;
