using System.Reflection;

namespace Actors.Pools;

/// <summary>
/// Reads whether the exception of a task was observed: awaited, waited for or read. The framework tracks this for
/// <see cref="TaskScheduler.UnobservedTaskException"/> without a public API.
/// </summary>
internal static class TaskObservation
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo? Properties = typeof(Task).GetField("m_contingentProperties", Hidden);
    private static readonly FieldInfo? Holder = Properties?.FieldType.GetField("m_exceptionsHolder", Hidden);
    private static readonly FieldInfo? IsHandled = Holder?.FieldType.GetField("m_isHandled", Hidden);

    /// <summary>Whether the task failed and its exception was not observed; false when the framework does not expose that.</summary>
    public static bool IsUnseen(Task task) =>
        task.IsFaulted && Properties?.GetValue(task) is { } properties
        && Holder!.GetValue(properties) is { } holder && IsHandled?.GetValue(holder) is false;
}
