using System.Reflection;

namespace Actors.Pools;

/// <summary>
/// Whether somebody has looked at the exception of a task: by awaiting it, waiting for it or reading it. The framework keeps this for
/// <see cref="TaskScheduler.UnobservedTaskException"/> and does not publish it.
/// </summary>
internal static class TaskObservation
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly FieldInfo? Properties = typeof(Task).GetField("m_contingentProperties", Hidden);
    private static readonly FieldInfo? Holder = Properties?.FieldType.GetField("m_exceptionsHolder", Hidden);
    private static readonly FieldInfo? IsHandled = Holder?.FieldType.GetField("m_isHandled", Hidden);

    /// <summary>Whether the task has failed and nobody has looked; false where the framework does not tell.</summary>
    public static bool IsUnseen(Task task) =>
        task.IsFaulted && Properties?.GetValue(task) is { } properties && Holder!.GetValue(properties) is { } holder && IsHandled?.GetValue(holder) is false;
}
