using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Actors.Logging;

/// <summary>
/// The loggers for the categories of jobs. A factory keeps each logger, and a job can send any number of categories. Thread-safe.
/// </summary>
internal sealed class JobLogCategories
{
    /// <summary>The most categories. Records of further ones have <see cref="JobLogEvents.Category"/>.</summary>
    public const int MaxCategories = 1000;

    private static readonly ConditionalWeakTable<ILoggerFactory, JobLogCategories> All = [];

    private readonly Lock _access = new();
    private readonly Dictionary<string, ILogger> _loggers = [];

    /// <summary>Gets the loggers that a factory has created for jobs.</summary>
    public static JobLogCategories OfFactory(ILoggerFactory loggers) => All.GetValue(loggers, static _ => new JobLogCategories());

    /// <summary>Gets the logger of a category.</summary>
    /// <param name="loggers">The factory.</param>
    /// <param name="category">The category.</param>
    public ILogger GetLogger(ILoggerFactory loggers, string category)
    {
        lock (_access)
        {
            if (_loggers.TryGetValue(category, out var known))
                return known;
            return _loggers.Count < MaxCategories
                ? _loggers[category] = loggers.CreateLogger(category)
                : loggers.CreateLogger(JobLogEvents.Category);
        }
    }
}
