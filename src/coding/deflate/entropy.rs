//! How many bits symbols take, without making a code for them.

/// The binary places of a logarithm.
const PLACES: u32 = 10;

/// The logarithms to base 2 of 1 + i/256.
const LOGARITHMS: [u32; 256] = {
    let mut logarithms = [0; 256];
    let (mut i, mut start) = (0, 1_u64 << 30);
    while i < 256 {
        // To square a number is to double its logarithm: what exceeds 2 is the next binary place.
        let (mut x, mut place) = (start, 0);
        while place < PLACES + 1 {
            x = (x * x) >> 30;
            logarithms[i] <<= 1;
            if x >= 1 << 31 {
                logarithms[i] += 1;
                x >>= 1;
            }
            place += 1;
        }
        logarithms[i] = (logarithms[i] + 1) >> 1;
        i += 1;
        start += 1 << 22;
    }
    logarithms
};

/// Returns a count times its logarithm to base 2. The count is less than 2^16.
fn weigh(count: u32) -> u64 {
    if count == 0 {
        return 0;
    }
    let top = count.ilog2();
    let below = usize::try_from(((count << 8) >> top) & 0xff).unwrap_or_default();
    let logarithm = (top << PLACES) + LOGARITHMS.get(below).copied().unwrap_or_default();
    u64::from(count) * u64::from(logarithm)
}

/// Returns about how many bits symbols take in the best code, given how often each occurs.
pub(super) fn entropy(counts: &[u32]) -> u32 {
    let (mut total, mut saved) = (0, 0);
    for &count in counts {
        total += count;
        saved += weigh(count);
    }
    u32::try_from(weigh(total).saturating_sub(saved) >> PLACES).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right_to_their_last_place() {
        for (i, &logarithm) in LOGARITHMS.iter().enumerate() {
            let exact = (1.0 + i as f64 / 256.0).log2() * f64::from(1 << PLACES);
            assert!((f64::from(logarithm) - exact).abs() < 1.0, "{i}: {logarithm} is not {exact}");
        }
    }

    #[test]
    fn entropy_is_that_of_the_symbols() {
        for (counts, bits) in
            [(&[][..], 0), (&[0, 7], 0), (&[8, 8], 16), (&[4, 4, 8], 24), (&[1000, 0, 3000], 3245)]
        {
            assert_eq!(entropy(counts), bits, "{counts:?}");
        }
    }
}
