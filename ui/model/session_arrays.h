#pragma once

#include <string>

namespace nmf::ui::session_arrays
{

// The names of a session's arrays, without ".npy": what numpy.load is asked for.
inline const std::string json = "session.json";
inline const std::string data = "V", weights = "weights";
inline const std::string basis = "W", coefficients = "H";
inline const std::string trueBasis = "truth/W", trueCoefficients = "truth/H";
inline const std::string featurePositions = "features/positions", samplePositions = "samples/positions";
/// What belongs to the options that were chosen last, and to those of the run.
inline const std::string chosen = "options/", ofRun = "reached/";
inline const std::string startW = "start_W", startH = "start_H", lockedW = "locked_W", lockedH = "locked_H";

/// "V" is V.npy in the archive.
inline std::string member(const std::string& array)
{
    return array + ".npy";
}

} // namespace nmf::ui::session_arrays
