#pragma once

#include <QFrame>
#include <QTimer>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace nmf::ui
{

/// One sentence to the user inside the window, with what can be done about it. Kinds differ in colour and in shape.
class MessageBar : public QFrame
{
    Q_OBJECT

public:
    enum class Kind {
        Information, ///< hides by itself after some seconds
        Warning,     ///< stays until it is closed
        Error        ///< stays until it is closed
    };
    /// A button in the bar; pressing it closes the bar first.
    struct Action
    {
        QString text;
        std::function<void()> run;
    };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Shows a sentence in place of the one before.
    void showMessage(Kind kind, const QString& text, std::vector<Action> actions = {});
    Kind kind() const { return m_kind; }
    QString text() const;
    /// How long an Information stays; 8 s at first.
    void setInformationSeconds(double seconds);

public slots:
    /// Hides the bar.
    void dismiss();

signals:
    void dismissed();

protected:
    void changeEvent(QEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void applyTheme();
    void setActions(std::vector<Action> actions);

    QLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
    QToolButton* m_close;
    QTimer m_timer;
    Kind m_kind = Kind::Information;
};

} // namespace nmf::ui
