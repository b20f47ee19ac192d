//! Arrays whose indices wrap.
//!
//! The length of an array is a power of two here, and an index is taken modulo it. So no index is wrong,
//! nothing panics, and the compiler leaves out the checks.

use alloc::boxed::Box;
use alloc::vec;

pub(super) trait Wrap<T> {
    /// Returns an element.
    fn at(&self, index: usize) -> T;

    /// Replaces an element.
    fn put(&mut self, index: usize, value: T);
}

impl<T: Copy + Default, const N: usize> Wrap<T> for [T; N] {
    #[inline(always)]
    fn at(&self, index: usize) -> T {
        const { assert!(N.is_power_of_two()) };
        self.get(index & (N - 1)).copied().unwrap_or_default()
    }

    #[inline(always)]
    fn put(&mut self, index: usize, value: T) {
        const { assert!(N.is_power_of_two()) };
        if let Some(element) = self.get_mut(index & (N - 1)) {
            *element = value;
        }
    }
}

/// Returns an array of zeros that was never on the stack.
pub(super) fn zeros<T: Copy + Default, const N: usize>() -> Box<[T; N]> {
    let zeros = vec![T::default(); N].into_boxed_slice();
    zeros.try_into().unwrap_or_else(|_| Box::new([T::default(); N]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_wrap() {
        let mut array = [0_u16; 8];
        array.put(9, 7);
        assert_eq!(array, [0, 7, 0, 0, 0, 0, 0, 0]);
        assert_eq!((array.at(1), array.at(17), array.at(2)), (7, 7, 0));
    }

    #[test]
    fn zeros_are_zero() {
        assert_eq!(*zeros::<u8, 4>(), [0; 4]);
    }
}
